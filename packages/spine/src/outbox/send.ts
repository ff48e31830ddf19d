import { isParleyError, type Message } from '@parley/contracts';
import type { SpineHooks } from '../hooks.ts';

/** What the relay needs of a bus. Resolves when the messages are safe there. */
export interface Publisher {
  publish(topic: string, messages: readonly Message[]): Promise<void>;
}

/** Resolves when the bus has all of them that it will ever take; what it never will is named and dropped. */
export async function send(
  bus: Publisher,
  topic: string,
  messages: readonly Message[],
  hooks: SpineHooks,
): Promise<void> {
  try {
    await bus.publish(topic, messages);
  } catch (thrown) {
    if (!isUnsendable(thrown)) throw thrown;
    // One by one the others get through and this one is named.
    await Promise.all(messages.map((message) => sendAlone(bus, topic, message, hooks)));
  }
}

async function sendAlone(bus: Publisher, topic: string, message: Message, hooks: SpineHooks): Promise<void> {
  try {
    await bus.publish(topic, [message]);
  } catch (thrown) {
    if (!isUnsendable(thrown)) throw thrown;
    hooks.onTrouble?.(`message ${message.id} of type ${message.type} cannot be sent and is dropped`, thrown);
  }
}

/** The bus names a message unsendable. No other fault drops one: an unforeseen fault is no reason to lose a message. */
function isUnsendable(thrown: unknown): boolean {
  return isParleyError(thrown) && !thrown.retryable;
}
