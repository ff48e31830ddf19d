import { randomUUID } from 'node:crypto';
import { messageOf } from '@parley/contracts';
import { createBacklogReader } from './backlog.ts';
import { createClockJumps } from './clock-jumps.ts';
import type { Database } from './database/database.ts';
import { createExecutor } from './effects/executor.ts';
import { createProcessGate, type ProcessGate } from './effects/process-gate.ts';
import type { ReachFailpoint } from './failpoint.ts';
import type { SpineHooks } from './hooks.ts';
import { type Arrival, type EffectHandler, type Kind, timerEffect } from './kind.ts';
import { createRelay } from './outbox/relay.ts';
import type { Publisher } from './outbox/send.ts';
import { statements } from './statements.ts';
import { createStreamReader } from './stream-reader.ts';
import { createStreamCache } from './tick/stream-cache.ts';
import { createTicker } from './tick/ticker.ts';
import { createUnpark } from './tick/unpark.ts';

/** States are bounded, a few kilobytes each. */
const remembered = { streams: 2_000, ids: 10_000 };

export interface SpineOptions {
  readonly db: Database;
  readonly schema: string;
  readonly service: string;
  readonly bus: Publisher;
  readonly kinds: readonly Kind[];
  readonly handlers: Readonly<Record<string, EffectHandler>>;
  /** Topic that parked streams are reported on. */
  readonly parkedTopic?: string;
  readonly failpoint?: ReachFailpoint;
  readonly hooks?: SpineHooks;
  readonly maxStreamsPerTick?: number;
  readonly maxRunningEffects?: number;
  readonly leaseMs?: number;
  /** Pause between two looks for work that nobody announced: due leases of dead replicas, another replica's outbox. */
  readonly pollMs?: number;
  /** Gate of the process. All spines that run in one process share it: a suspect is alone beside all of them. */
  readonly gate?: ProcessGate;
}

/** The durable spine of one service. Nothing runs before `start`. */
export function createSpine(options: SpineOptions) {
  const { db, service } = options;
  const sql = statements(options.schema);
  const hooks = options.hooks ?? {};
  const failpoint = options.failpoint ?? (() => {});
  const owner = `${service}/${randomUUID()}`;
  const leaseMs = options.leaseMs ?? 15_000;
  const pollMs = options.pollMs ?? 1_000;
  const cache = createStreamCache(remembered);
  const clockJumps = createClockJumps({
    db,
    sql,
    onJump(byMs) {
      cache.shiftClock(byMs);
      hooks.onClockJump?.(byMs);
    },
  });
  let pendingTimer: NodeJS.Timeout | undefined;
  let pendingRun: Promise<void> = Promise.resolve();
  let isStarted = false;
  /** The spine has started. Also true while it stops: what running effects lead to is still sent. */
  let hasStarted = false;

  const relay = createRelay({
    db,
    sql,
    owner,
    channel: `parley/${options.schema}/outbox`,
    bus: options.bus,
    pollMs,
    failpoint,
    hooks,
  });
  const handlers = { [timerEffect]: async () => null, ...options.handlers };
  const executor = createExecutor({
    db,
    sql,
    owner,
    handlers,
    leaseMs,
    pollMs,
    maxRunning: options.maxRunningEffects ?? 64,
    failpoint,
    hooks,
    gate: options.gate ?? createProcessGate(),
    clockJumps,
    complete: (completion) => ticker.handle([], [completion]),
  });
  hooks.onOpen?.(createBacklogReader(db, sql), Object.keys(options.handlers));
  const ticker = createTicker({
    db,
    sql,
    service,
    owner,
    kinds: new Map(options.kinds.map((kind) => [kind.decider.kind, kind])),
    parkedTopic: options.parkedTopic,
    leaseMs,
    cache,
    clockJumps,
    failpoint,
    hooks,
    reserve: (wanted) => (isStarted ? executor.reserve(wanted) : 0),
    unreserve: executor.unreserve,
    maxStreamsPerTick: options.maxStreamsPerTick ?? 200,
    onCommitted(result) {
      executor.startLeased(result.leased);
      executor.abandon(result.finished);
      if (hasStarted && result.nextDueAt !== undefined) executor.schedule(Math.max(0, result.nextDueAt - result.at));
      if (hasStarted && result.posted.length > 0) relay.notify(result.report.isFromCache ? result.posted : undefined);
      hooks.onTick?.(result.report);
      for (const one of result.parked) hooks.onParked?.(one);
    },
  });

  const unpark = createUnpark({ db, sql, service, parkedTopic: options.parkedTopic });

  async function handlePending(): Promise<void> {
    try {
      while (isStarted && (await ticker.handlePending()) > 0);
    } catch (thrown) {
      hooks.onTrouble?.(`handling pending inputs: ${messageOf(thrown)}`, thrown);
    }
    if (isStarted) pendingTimer = setTimeout(pending, pollMs);
  }
  function pending(): void {
    pendingRun = handlePending();
  }

  /** An id that Postgres' text cannot hold would be refused for ever, and with it whatever came in its company. */
  function isStorable(arrival: Arrival): boolean {
    const texts = [arrival.id, arrival.stream, arrival.kind, arrival.input.type, arrival.traceparent ?? ''];
    if (texts.every((text) => text.isWellFormed() && !text.includes('\0'))) return true;
    const named = JSON.stringify({ id: arrival.id, stream: arrival.stream, type: arrival.input.type });
    hooks.onTrouble?.(`dropping an input whose names hold NUL or half a character: ${named}`, undefined);
    return false;
  }

  return {
    /** Resolves when every arrival is durably handled; rejects with a retryable ParleyError when it is not known to be. */
    receive: (arrivals: readonly Arrival[]): Promise<void> => ticker.handle(arrivals.filter(isStorable)),

    readStreams: createStreamReader(db, sql),

    /** Gives a parked stream another try, with the inputs it was parked with. False: there is no such stream. */
    async unpark(stream: string): Promise<boolean> {
      const isKnown = await unpark(stream);
      await ticker.handlePending();
      if (hasStarted) relay.notify();
      return isKnown;
    },

    /** The database's clock, without asking it: for times that are compared with those in states. */
    now: () => cache.estimate() - clockJumps.jumpedMs(),

    /** Rings the timers of that name now, because what they wait for has come earlier. */
    async wake(name: string): Promise<void> {
      if (!isStarted) return;
      await db.query(sql.wake, [name]);
      executor.schedule(0);
    },

    runningEffects: executor.runningCount,

    async start(): Promise<void> {
      if (db.isExclusive) await db.query(sql.takeOver);
      isStarted = true;
      hasStarted = true;
      relay.notify();
      executor.schedule(0);
      pending();
      await pendingRun;
    },

    /** Takes no new effects, lets running ones end for `graceMs`, sends what is left in the outbox. */
    async stop(graceMs = 5_000): Promise<void> {
      isStarted = false;
      clearTimeout(pendingTimer);
      await executor.drain(graceMs);
      await pendingRun;
      await ticker.idle();
      await executor.handBack();
      await relay.stop();
    },
  };
}
export type Spine = ReturnType<typeof createSpine>;
