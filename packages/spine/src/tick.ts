import type { EffectOutcome, Instant } from '@parley/contracts';
import { readAround } from './around.ts';
import { decideBatch } from './batch.ts';
import type { Database, Transaction } from './database.ts';
import type { ReachFailpoint } from './failpoint.ts';
import type { SpineHooks, TickReport } from './hooks.ts';
import type { Arrival, Kind } from './kind.ts';
import type { Batch, EffectRow, StreamRow } from './rows.ts';
import type { Statements } from './statements.ts';
import { writeBatch } from './write-batch.ts';

/** The answer of an effect that this process executed. */
export interface Completion {
  readonly stream: string;
  readonly kind: string;
  readonly key: string;
  /** Fence: which attempt is answered. */
  readonly started: number;
  readonly traceparent?: string | undefined;
  readonly outcome: EffectOutcome;
}

/** An effect that was written with its lease already taken by this process. */
export interface Leased extends EffectRow {
  readonly started: number;
}

/** What one tick serves. */
export interface Work {
  readonly arrivals: readonly Arrival[];
  readonly completions: readonly Completion[];
  /** Streams that are served for the inputs they have pending. */
  readonly streams?: readonly string[];
  /** Without all of the above: up to so many streams that have pending inputs and that nobody else serves. */
  readonly limit?: number;
  /** Why the database refuses this: what is new is parked with its streams. */
  readonly refusal?: string;
}

export interface TickDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly service: string;
  readonly owner: string;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly parkedTopic: string | undefined;
  readonly leaseMs: number;
  readonly failpoint: ReachFailpoint;
  readonly hooks: SpineHooks;
  /** How many of `wanted` effects this process will start at once. */
  reserve(wanted: number): number;
  /** Gives back what `reserve` granted and was not used. */
  unreserve(count: number): void;
}

export interface TickResult {
  readonly report: TickReport;
  readonly leased: readonly Leased[];
  /** Reservations that no effect needed, because it had been asked for before. */
  readonly unused: number;
  /** Effects were written that somebody must claim, now or when they fall due. */
  readonly nextDueAt: Instant | undefined;
  readonly at: Instant;
  readonly hasOutbox: boolean;
  readonly finished: readonly string[];
  readonly parked: Batch['parked'];
}

/** One transaction for many streams: lock them, read what is open, decide in memory, write everything, commit. */
export async function tick(deps: TickDeps, work: Work): Promise<TickResult> {
  const began = performance.now();
  const { arrivals, completions, streams = [] } = work;
  let reserved = 0;
  let reach: ReachFailpoint = () => {};
  const serve = async (sql: Transaction): Promise<TickResult> => {
    const named = new Set(streams);
    for (const one of arrivals) named.add(one.stream);
    for (const one of completions) named.add(one.stream);
    const isPendingOnly = named.size === 0;
    const locked = sql.query<StreamRow>(isPendingOnly ? deps.sql.lockPending : deps.sql.lockStreams, [
      isPendingOnly ? work.limit : [...named],
    ]);
    const ids = isPendingOnly ? (await locked).map((row) => row.id) : [...named];
    const [rows, around] = await Promise.all([locked, readAround(deps, sql, work, ids, locked)]);
    if (around.inputs.size > 0) reach = deps.failpoint;
    reach('after-inbox-insert');
    const batch = decideBatch(new Map(rows.map((row) => [row.id, row])), around.inputs, {
      service: deps.service,
      at: around.at,
      kinds: deps.kinds,
      parkedTopic: deps.parkedTopic,
      refusal: work.refusal,
    });
    const startable = batch.effects.filter((effect) => effect.dueAt === undefined);
    reserved = deps.reserve(startable.length);
    const leased = await writeBatch(deps, sql, batch, startable.slice(0, reserved));
    return {
      report: {
        streams: around.inputs.size,
        inputs: batch.inbox.length,
        events: batch.events.length,
        duplicates: around.duplicates,
        fenced: around.fenced,
        refused: batch.refused,
        parked: batch.parked.length,
        ms: performance.now() - began,
      },
      leased,
      unused: reserved - leased.length,
      nextDueAt: nextDue(batch.effects, reserved, around.at),
      at: around.at,
      hasOutbox: batch.outbox.size > 0,
      finished: batch.finished,
      parked: batch.parked,
    };
  };
  try {
    return await deps.db.transaction(serve, { beforeCommit: () => reach('mid-tick-before-commit') });
  } catch (thrown) {
    deps.unreserve(reserved);
    throw thrown;
  }
}

function nextDue(effects: readonly EffectRow[], reserved: number, at: Instant): Instant | undefined {
  let next: Instant | undefined;
  for (const effect of effects) {
    if (effect.dueAt !== undefined) next = Math.min(next ?? effect.dueAt, effect.dueAt);
  }
  const startable = effects.filter((effect) => effect.dueAt === undefined).length;
  return startable > reserved ? at : next;
}
