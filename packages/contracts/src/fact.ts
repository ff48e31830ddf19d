import type { z } from 'zod';
import { type MessageType, messageTypes } from './contexts.ts';
import type { Message } from './message.ts';

type DataOf<T extends MessageType> = z.infer<(typeof messageTypes)[T]>;

/** One message with its type known: the form that domains take in and give out. */
export type Fact<T extends MessageType = MessageType> = {
  [K in T]: { readonly type: K; readonly data: DataOf<K> };
}[T];

export type ReadFact = { readonly ok: true; readonly fact: Fact } | { readonly ok: false; readonly reason: string };

/** Checks a message's data against the schema of its type. Never throws. */
export function readFact(message: Pick<Message, 'type' | 'data'>): ReadFact {
  if (!Object.hasOwn(messageTypes, message.type))
    return {
      ok: false,
      reason: `type ${message.type} is unknown to this build`,
    };
  const type = message.type as MessageType;
  const parsed = messageTypes[type].safeParse(message.data);
  if (parsed.success) return { ok: true, fact: { type, data: parsed.data } as Fact };
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'data'}: ${issue.message}`);
  return { ok: false, reason: where.join('; ') };
}
