import type { EffectOutcome, Instant } from '@parley/contracts';
import type { ClockJumps } from './clock-jumps.ts';
import type { Database } from './database.ts';
import type { ReachFailpoint } from './failpoint.ts';
import type { SpineHooks, TickReport } from './hooks.ts';
import type { Arrival, Kind } from './kind.ts';
import type { Memory } from './memory.ts';
import type { Posted } from './outbox-reader.ts';
import type { Batch, EffectRow } from './rows.ts';
import type { Statements } from './statements.ts';

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
  readonly memory: Memory;
  readonly clockJumps: ClockJumps;
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
  /** What is to be sent now. */
  readonly posted: readonly Posted[];
  readonly finished: readonly string[];
  readonly parked: Batch['parked'];
}
