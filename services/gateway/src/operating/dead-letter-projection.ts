import type { Delivery } from '@parley/bus';
import { deadLetterTopic, deadLetterV1, isParleyError, type Message, storable, topics } from '@parley/contracts';
import { idOf, type Logger } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { actFor, everyTenant } from '../access/tenant.ts';
import { tenantOfLetter } from '../domain/letter.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';

export interface DeadLetterProjectionDeps {
  readonly db: Database;
  readonly deadLetters: DeadLetterStore;
  readonly logger: Logger;
}

export const deadLetterTopics: readonly string[] = Object.values(topics)
  .filter(({ isDurable }) => isDurable)
  .map(({ name }) => deadLetterTopic(name));

/** The same letter written twice is one; the embedded bus counts its places anew with each run, so they are not enough. */
export const keptAs = (letter: string, original: string): string => idOf(`${letter}\n${original}`);

/** Keeps dead letters where they can be looked at and sent again. What is no letter stays on its topic: it has no other. */
export function createDeadLetterProjection({ db, deadLetters, logger }: DeadLetterProjectionDeps) {
  async function keep(message: Message): Promise<void> {
    const read = deadLetterV1.safeParse(message.data);
    if (!read.success) {
      logger.error({ id: message.id }, 'A message among the dead letters is none; it stays on its topic.');
      return;
    }
    const { group, topic, reason, original } = read.data;
    const letter = {
      id: keptAs(message.id, original),
      tenant: tenantOfLetter(message, read.data) ?? everyTenant,
      letter: storable(message.id),
      service: storable(group),
      topic: storable(topic),
      reason: storable(reason),
      original: storable(original),
      at: message.time,
    };
    await db.transaction(async (tx) => {
      await actFor(tx, everyTenant);
      await deadLetters.add(tx, letter);
    });
  }

  return async (batch: readonly Delivery[]): Promise<void> => {
    for (const { message } of batch) {
      try {
        await keep(message);
      } catch (thrown) {
        if (isParleyError(thrown) && thrown.retryable) throw thrown;
        logger.error({ id: message.id, err: thrown }, 'A dead letter cannot be kept here; its topic has it.');
      }
    }
  };
}
