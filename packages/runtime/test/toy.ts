import { createMemoryBus, type MessageBus } from '@parley/bus';
import { type Decider, type Message, topics } from '@parley/contracts';
import { migrate, openEmbedded } from '@parley/spine';
import { Registry } from 'prom-client';
import { createStreamService, measureSpine, type Reading, type Replica, silentLogger } from '../src/index.ts';

type ToyInput =
  | { readonly type: 'say'; readonly word: string }
  | { readonly type: 'effect.succeeded' | 'effect.failed' | 'effect.outcome-unknown' };
type ToyEvent = { readonly type: 'said' | 'done'; readonly data: object };
type ToyEffect = { readonly type: 'work' };

/** Does what the word says. */
const toyThat = (mayThrow: () => boolean): Decider<number, ToyInput, ToyEvent, ToyEffect> => ({
  kind: 'toy',
  initial: () => 0,
  decide(state, input) {
    if (input.type !== 'say') return { ok: true, events: [{ type: 'done', data: {} }], effects: [] };
    if (input.word === 'refuse') return { ok: false, code: 'NO' };
    if (input.word === 'throw' && mayThrow()) throw new Error('as told');
    const effects =
      input.word === 'work' ? [{ key: `work/${state}`, effect: { type: 'work' as const }, isIdempotent: true }] : [];
    return { ok: true, events: [{ type: 'said', data: {} }], effects } as const;
  },
  evolve: (state) => state + 1,
  isFinished: () => false,
});

export interface ToyWishes {
  readonly work?: () => Promise<null>;
  readonly leaseMs?: number;
  readonly maxRunningEffects?: number;
  /** What the bus does with what the service sends. */
  readonly publish?: () => Promise<void>;
  /** False mends the process. */
  readonly mayThrow?: () => boolean;
  readonly replica?: Replica;
  /** Before the service begins. */
  readonly onBus?: (bus: MessageBus) => void;
}

/** A service of one process on an embedded database, with its metrics. */
export async function startToy(wishes: ToyWishes = {}) {
  const db = await openEmbedded({});
  await migrate(db, { schema: 'toy' });
  const memory = createMemoryBus({});
  const bus = { ...memory, publish: wishes.publish ?? memory.publish };
  wishes.onBus?.(bus);
  const registry = new Registry();
  const service = await createStreamService(
    {
      db,
      bus,
      logger: silentLogger,
      replica: wishes.replica,
      hooks: measureSpine(registry, 'toy', silentLogger),
      spine: { leaseMs: wishes.leaseMs ?? 15_000, maxRunningEffects: wishes.maxRunningEffects ?? 8, pollMs: 50 },
    },
    {
      service: 'toy',
      schema: 'toy',
      topics: [topics.debateCommands.name],
      parkedTopic: topics.debateEvents.name,
      kinds: [
        {
          decider: toyThat(wishes.mayThrow ?? (() => true)),
          publish: (_event, stream) => ({ topic: topics.debateEvents.name, subject: stream }),
        },
      ],
      handlers: () => ({ work: wishes.work ?? (async () => null) }),
      read: ({ data }, { id, subject }): Reading => ({
        id,
        kind: 'toy',
        stream: subject,
        input: { type: 'say', word: (data as { reason?: string }).reason ?? '' } as { type: string },
      }),
    },
  );
  await service.start();
  let ids = 0;
  return {
    db,
    registry,
    spine: service.spine,
    /** Resolves when it is handled. */
    async say(reason: string, fields: Partial<Message> = {}): Promise<void> {
      const id = `m${++ids}`;
      const message = { id, type: 'cancel-debate.v1', source: 'test', subject: `s${ids}`, data: { reason } };
      await memory.publish(topics.debateCommands.name, [{ ...message, time: new Date().toISOString(), ...fields }]);
    },
    /** Resolves when the service has done what an operator asks. */
    async order(message: Pick<Message, 'type' | 'subject' | 'data'>): Promise<void> {
      const about = { id: `o${++ids}`, source: 'gateway', time: new Date().toISOString() };
      await memory.publish(topics.streamCommands.name, [{ ...about, ...message }]);
    },
    async stop(): Promise<void> {
      await memory.stop();
      await service.stop(0);
      await db.close();
    },
  };
}
