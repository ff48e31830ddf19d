import type { Instant } from '@parley/contracts';
import type { ClockJumps } from '../clock-jumps.ts';
import type { Database } from '../database/database.ts';
import type { ReachFailpoint } from '../failpoint.ts';
import type { SpineHooks, TickReport } from '../hooks.ts';
import type { Kind } from '../kind.ts';
import type { Posted } from '../outbox/outbox-reader.ts';
import type { Statements } from '../statements.ts';
import type { Batch } from './rows.ts';
import type { StreamCache } from './stream-cache.ts';
import type { Leased } from './work.ts';

/** Dependencies of every tick of one process. */
export interface TickDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly service: string;
  readonly owner: string;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly parkedTopic: string | undefined;
  readonly leaseMs: number;
  readonly cache: StreamCache;
  readonly clockJumps: ClockJumps;
  readonly failpoint: ReachFailpoint;
  readonly hooks: SpineHooks;
  /** Returns how many of `wanted` effects this process will start at once. */
  reserve(wanted: number): number;
  /** Gives back what `reserve` granted and was not used. */
  unreserve(count: number): void;
}

/** Outcome of one tick, for the process that ran it. */
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
