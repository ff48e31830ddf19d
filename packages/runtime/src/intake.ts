import type { Delivery, MessageBus, Subscription } from '@parley/bus';
import { type Fact, type Message, readFact } from '@parley/contracts';
import type { Arrival, ReachFailpoint } from '@parley/spine';
import { createDeadLetters } from './dead-letters.ts';
import type { Logger } from './logger.ts';
import { traceDeliveries } from './message-spans.ts';

/**
 * What a message means to a service: an input of one of its streams, something to do about them, nothing, or something
 * that must not be.
 */
export type Reading = Arrival | { readonly invalid: string } | { handle(): Promise<void> } | undefined;

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

/** Path from the bus to the spine: read, translate, hand over, acknowledge. The unreadable goes to the dead letters. */
export function createIntake(options: IntakeOptions): Promise<Subscription> {
  const { bus, group, logger, hooks } = options;
  const handling = { service: group, system: bus.system };
  hooks?.onListening?.(options.topics);
  const dead = createDeadLetters({ bus, group, logger, onLetter: (topic) => hooks?.onDeadLetter?.(topic) });

  function readingOf(message: Message): Reading {
    const fact = readFact(message);
    if (!fact.ok) return { invalid: fact.reason };
    const reading = options.read(fact.fact, message);
    return reading === undefined || !('input' in reading) || isStorable(message) ? reading : notStorable;
  }

  return bus.subscribe({
    topics: options.topics,
    group,
    onInvalid: dead.record,
    async handler(batch) {
      options.failpoint?.('after-consume');
      const arrivals: Arrival[] = [];
      const taken: Delivery[] = [];
      for (const delivery of batch) {
        const reading = readingOf(delivery.message);
        if (reading === undefined) continue;
        if ('handle' in reading) {
          await reading.handle();
          continue;
        }
        if ('invalid' in reading) {
          await traceDeliveries(handling, [delivery], ([cause]) => dead.message(delivery, reading.invalid, cause));
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

const notStorable = { invalid: 'id, subject or traceparent holds NUL or half a character' } as const;

/** Names that Postgres' text can hold. */
function isStorable({ id, subject, traceparent = '' }: Message): boolean {
  return [id, subject, traceparent].every((text) => text.isWellFormed() && !text.includes('\0'));
}
