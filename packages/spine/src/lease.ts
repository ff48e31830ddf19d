import { type EffectOutcome, type Named, ParleyError } from '@parley/contracts';
import type { Database } from './database.ts';
import type { Statements } from './statements.ts';
import type { Leased } from './work.ts';

export interface LeaseDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly owner: string;
  readonly leaseMs: number;
}

/** An effect that this process holds, and the answer to give without trying. */
export interface Claimed {
  readonly effect: Leased;
  readonly verdict: EffectOutcome | undefined;
}

/** A lease to give back. */
export interface Held {
  readonly effect: Leased;
  /** A handler may have seen it: if it may not be repeated, its outcome is unknown. */
  readonly begun: boolean;
}

interface ClaimedRow {
  readonly stream_id: string | null;
  readonly key: string;
  readonly kind: string;
  readonly tenant: string;
  readonly data: Named;
  readonly is_idempotent: boolean;
  readonly started: number;
  readonly finished: number;
  readonly traceparent: string | null;
  readonly was: 'pending' | 'running';
  readonly next_ms: number | null;
}

/** After this many attempts that ended with their process the effect is taken for the cause. */
const maxCrashes = 3;

/** Leases on effect rows: who may execute an effect, until when, for the how-manieth time. */
export function createLeases({ db, sql, owner, leaseMs }: LeaseDeps) {
  return {
    /** Takes up to `slots` effects that are due. */
    async claim(slots: number): Promise<{ claimed: Claimed[]; nextMs: number | undefined }> {
      const rows = await db.query<ClaimedRow>(sql.claim, [owner, slots, leaseMs / 1000]);
      const claimed: Claimed[] = [];
      let nextMs: number | undefined;
      for (const row of rows) {
        if (row.stream_id === null) nextMs = row.next_ms ?? undefined;
        else claimed.push({ effect: leasedOf(row, row.stream_id), verdict: verdictOf(row) });
      }
      return { claimed, nextMs };
    },
    /** Prolongs the leases. Resolves to the attempts that somebody else has taken, answered or dropped. */
    async renew(attempts: readonly Leased[]): Promise<Leased[]> {
      const list = JSON.stringify(attempts.map(fenceOf));
      await db.query(sql.renew, [owner, list, leaseMs / 1000]);
      const kept = await db.query<{ stream_id: string; key: string; started: number }>(sql.stillMine, [owner, list]);
      const ids = new Set(kept.map((row) => attemptId({ stream: row.stream_id, key: row.key, started: row.started })));
      return attempts.filter((attempt) => !ids.has(attemptId(attempt)));
    },
    /** Gives leases back for another process to go on at once. */
    async release(held: readonly Held[]): Promise<void> {
      if (held.length === 0) return;
      const list = held.map(({ effect, begun }) => ({ ...fenceOf(effect), begun }));
      await db.query(sql.release, [owner, JSON.stringify(list)]);
    },
  };
}

/** Of one attempt: after a lost lease two attempts at one effect may run side by side. */
export function attemptId({ stream, key, started }: { stream: string; key: string; started: number }): string {
  return `${stream}\n${key}\n${started}`;
}

function fenceOf({ stream, key, started }: Leased) {
  return { stream_id: stream, key, started };
}

function leasedOf(row: ClaimedRow, stream: string): Leased {
  return {
    stream,
    kind: row.kind,
    tenant: row.tenant,
    key: row.key,
    effect: row.data,
    isIdempotent: row.is_idempotent,
    dueAt: undefined,
    traceparent: row.traceparent ?? undefined,
    started: row.started,
  };
}

/** What is known without trying: that it cannot be known, or that trying kills. */
function verdictOf({ key, data, is_idempotent, started, finished, was }: ClaimedRow): EffectOutcome | undefined {
  if (was === 'running' && !is_idempotent) return { type: 'effect.outcome-unknown', effect: data.type, key };
  if (started - finished <= maxCrashes) return undefined;
  const reason = `${started - 1} attempts ended with their process`;
  return { type: 'effect.failed', effect: data.type, key, code: 'EFFECT_POISON', reason };
}

export function cancelled(sentence: string): ParleyError {
  return new ParleyError('CANCELLED', sentence);
}
