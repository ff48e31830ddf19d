import type { MessageBus } from '@parley/bus';
import type { KeptMessage } from '@parley/bus/kafka';
import { type DeadLetterV1, deadLetterTopic, deadLetterV1, defaultTenant, revive, topics } from '@parley/contracts';

export interface Letter extends DeadLetterV1 {
  readonly id: string;
  readonly time: string;
  /** Undefined when it can be sent again; otherwise why not. */
  readonly stuck: string | undefined;
}

export interface LetterFilter {
  /** The topic that it could not be read from. */
  readonly topic?: string | undefined;
  readonly id?: string | undefined;
}

/** Reads a topic as it is now. */
export type ReadTopic = (topic: string) => Promise<KeptMessage[]>;

/** The dead letters, oldest first; one that several groups buried is several letters. */
export async function readLetters(read: ReadTopic, filter: LetterFilter = {}): Promise<Letter[]> {
  const names = Object.values(topics).filter(({ isDurable, name }) => isDurable && (filter.topic ?? name) === name);
  const letters: Letter[] = [];
  const seen = new Set<string>();
  for (const { name } of names) {
    for (const { message } of await read(deadLetterTopic(name))) {
      const parsed = deadLetterV1.safeParse(message.data);
      // A letter that was written twice, because its writer died in between, is one.
      if (!parsed.success || seen.has(message.id) || (filter.id ?? message.id) !== message.id) continue;
      seen.add(message.id);
      const revived = revive(parsed.data);
      const { id, time } = message;
      letters.push({ ...parsed.data, id, time, stuck: revived.ok ? undefined : revived.reason });
    }
  }
  return letters.sort((a, b) => (a.time < b.time ? -1 : 1));
}

/** Writes down, before a letter is sent again, that it is. */
export type RecordReplay = (letter: Letter, tenant: string) => Promise<void>;

/**
 * Sends again what the letters were, each to its topic, in their order. Every group reads it; those that have had it
 * know its id. A letter stays where it is: sending it twice is one arrival.
 */
export async function replayLetters(
  letters: readonly Letter[],
  bus: Pick<MessageBus, 'publish'>,
  record: RecordReplay,
): Promise<number> {
  let sent = 0;
  const done = new Set<string>();
  for (const letter of letters) {
    const revived = revive(letter);
    if (!revived.ok || done.has(`${letter.topic} ${revived.message.id}`)) continue;
    done.add(`${letter.topic} ${revived.message.id}`);
    await record(letter, revived.message.tenant ?? defaultTenant);
    await bus.publish(letter.topic, [revived.message]);
    sent += 1;
  }
  return sent;
}
