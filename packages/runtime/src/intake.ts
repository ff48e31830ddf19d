import type { Delivery, MessageBus, Subscription } from '@parley/bus';
import { deadLetterTopic, type Fact, type Message, readFact } from '@parley/contracts';
import type { Arrival, ReachFailpoint } from '@parley/spine';
import type { Logger } from './logger.ts';
import { traceDeliveries, traceSend } from './message-spans.ts';

/** What a message means to a service: an input of one of its streams, nothing, or something that must not be. */
export type Reading = Arrival | { readonly invalid: string } | undefined;

/** What the way in tells about itself, beside the spine's hooks. */
export interface IntakeHooks {
  /** Once: what it reads. */
  onListening?(topics: readonly string[]): void;
  /** A message of this topic could not be read and is set aside. */
  onDeadLetter?(topic: string): void;
}

export interface IntakeOptions {
  readonly bus: MessageBus;
  readonly topics: readonly string[];
  readonly group: string;
  readonly logger: Logger;
  readonly failpoint?: ReachFailpoint;
  readonly hooks?: IntakeHooks;
  read(fact: Fact, message: Message): Reading;
  /** Resolves when all of them are committed: only then the bus forgets the batch. */
  receive(arrivals: readonly Arrival[]): Promise<void>;
}

/** From the bus to the spine: read, translate, hand over, acknowledge. What cannot be read goes to the dead letters. */
export function createIntake(options: IntakeOptions): Promise<Subscription> {
  const { bus, group, logger, hooks } = options;
  const handling = { service: group, system: bus.system };
  hooks?.onListening?.(options.topics);

  async function bury(delivery: Delivery, reason: string, traceparent: string | undefined): Promise<void> {
    const { message, topic, partition, offset } = delivery;
    hooks?.onDeadLetter?.(topic);
    logger.error(
      { topic, partition, offset, id: message.id, type: message.type, reason },
      'A message is dead-lettered.',
    );
    const data = { reason, group, topic, partition, offset, original: message };
    const letter = { ...message, type: 'dead-letter.v1', data, ...(traceparent === undefined ? {} : { traceparent }) };
    const to = deadLetterTopic(topic);
    await traceSend(handling, to, [letter], (letters) => bus.publish(to, letters));
  }

  return bus.subscribe({
    topics: options.topics,
    group,
    async handler(batch) {
      options.failpoint?.('after-consume');
      const arrivals: Arrival[] = [];
      const taken: Delivery[] = [];
      for (const delivery of batch) {
        const fact = readFact(delivery.message);
        const reading = fact.ok ? options.read(fact.fact, delivery.message) : { invalid: fact.reason };
        if (reading === undefined) continue;
        if ('invalid' in reading) {
          await traceDeliveries(handling, [delivery], ([cause]) => bury(delivery, reading.invalid, cause));
          continue;
        }
        arrivals.push({ ...reading, tenant: delivery.message.tenant });
        taken.push(delivery);
      }
      if (arrivals.length === 0) return;
      await traceDeliveries(handling, taken, (causes) =>
        options.receive(arrivals.map((arrival, i) => ({ ...arrival, traceparent: causes[i] }))),
      );
    },
  });
}
