import type { Delivery, MessageBus, Subscription } from '@parley/bus';
import { deadLetterTopic, type Fact, type Message, readFact } from '@parley/contracts';
import type { Arrival, ReachFailpoint } from '@parley/spine';
import type { Logger } from './logger.ts';

/** What a message means to a service: an input of one of its streams, nothing, or something that must not be. */
export type Reading = Arrival | { readonly invalid: string } | undefined;

export interface IntakeOptions {
  readonly bus: MessageBus;
  readonly topics: readonly string[];
  readonly group: string;
  readonly logger: Logger;
  readonly failpoint?: ReachFailpoint;
  read(fact: Fact, message: Message): Reading;
  /** Resolves when all of them are committed: only then the bus forgets the batch. */
  receive(arrivals: readonly Arrival[]): Promise<void>;
}

/** From the bus to the spine: read, translate, hand over, acknowledge. What cannot be read goes to the dead letters. */
export function createIntake(options: IntakeOptions): Promise<Subscription> {
  const { bus, group, logger } = options;

  async function bury(delivery: Delivery, reason: string): Promise<void> {
    const { message, topic, partition, offset } = delivery;
    logger.error(
      { topic, partition, offset, id: message.id, type: message.type, reason },
      'A message is dead-lettered.',
    );
    const data = { reason, group, topic, partition, offset, original: message };
    await bus.publish(deadLetterTopic(topic), [{ ...message, type: 'dead-letter.v1', data }]);
  }

  return bus.subscribe({
    topics: options.topics,
    group,
    async handler(batch) {
      options.failpoint?.('after-consume');
      const arrivals: Arrival[] = [];
      for (const delivery of batch) {
        const fact = readFact(delivery.message);
        const reading = fact.ok ? options.read(fact.fact, delivery.message) : { invalid: fact.reason };
        if (reading === undefined) continue;
        if ('invalid' in reading) await bury(delivery, reading.invalid);
        else arrivals.push(reading);
      }
      if (arrivals.length > 0) await options.receive(arrivals);
    },
  });
}
