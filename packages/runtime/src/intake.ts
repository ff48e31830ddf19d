import type { MessageBus, Subscription } from '@parley/bus';
import { type Fact, type Message, readFact } from '@parley/contracts';
import type { Arrival, ReachFailpoint } from '@parley/spine';
import { createDeadLetters } from './dead-letters.ts';
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
  const dead = createDeadLetters({ bus, group, logger });

  function readingOf(message: Message): Reading {
    const fact = readFact(message);
    if (!fact.ok) return { invalid: fact.reason };
    const reading = options.read(fact.fact, message);
    return reading === undefined || 'invalid' in reading || isStorable(message) ? reading : notStorable;
  }

  return bus.subscribe({
    topics: options.topics,
    group,
    onInvalid: dead.record,
    async handler(batch) {
      options.failpoint?.('after-consume');
      const arrivals: Arrival[] = [];
      for (const delivery of batch) {
        const reading = readingOf(delivery.message);
        if (reading === undefined) continue;
        if ('invalid' in reading) await dead.message(delivery, reading.invalid);
        else arrivals.push(reading);
      }
      if (arrivals.length > 0) await options.receive(arrivals);
    },
  });
}

const notStorable = { invalid: 'id, subject or traceparent holds NUL or half a character' } as const;

/** Names that Postgres' text can hold. */
function isStorable({ id, subject, traceparent = '' }: Message): boolean {
  return [id, subject, traceparent].every((text) => text.isWellFormed() && !text.includes('\0'));
}
