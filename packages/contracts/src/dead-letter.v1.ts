import { z } from 'zod';
import { fromKafka, type Message, messageSchema } from './message.ts';

/** What a group could not read, and where it lay. On `<topic>.dlq`. */
export const deadLetterV1 = z.object({
  reason: z.string(),
  group: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  original: z
    .string()
    .describe('JSON of the message, or of the record with key, headers and value; cut if it was long.'),
});
export type DeadLetterV1 = z.infer<typeof deadLetterV1>;

const rawRecord = z.object({ headers: z.record(z.string(), z.string()), value: z.string().nullable() });

export type Revived =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: string };

/** The message that a dead letter was, if this build can tell. */
export function revive({ original }: Pick<DeadLetterV1, 'original'>): Revived {
  let read: unknown;
  try {
    read = JSON.parse(original);
  } catch {
    return { ok: false, reason: 'what is kept of it was cut' };
  }
  const message = messageSchema.safeParse(read);
  if (message.success) return { ok: true, message: message.data };
  const raw = rawRecord.safeParse(read);
  return raw.success ? fromKafka(raw.data) : { ok: false, reason: 'it is neither a message nor a record' };
}
