import { type EffectOutcome, type Named, ParleyError } from '@parley/contracts';
import type { Database } from '../database/database.ts';
import type { SpineHooks } from '../hooks.ts';
import type { Statements } from '../statements.ts';
import type { Leased } from '../tick/work.ts';
import { type Crashes, pauseMs, poisonReason, suspicion } from './suspicion.ts';

export interface LeaseDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly owner: string;
  readonly leaseMs: number;
  readonly hooks: SpineHooks;
}

/** An effect that this process holds, and the answer to give without trying. */
export interface Claimed extends Crashes {
  readonly effect: Leased;
  readonly verdict: EffectOutcome | undefined;
  /** The effect may only run alone. */
  readonly isSuspect: boolean;
  /** The effect ran alone when its process ended: others go first. */
  readonly stepsBack: boolean;
}

/** What one claim may take. */
export interface ClaimWish {
  readonly slots: number;
  /** Take a suspect if one is due, and then nothing beside it. */
  readonly maySuspect: boolean;
  /** Take only what runs no code from outside: timers, and effects whose answer is known without trying. */
  readonly isQuiet: boolean;
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
  readonly traceparent: string | null;
  readonly was: 'pending' | 'running';
  readonly crashes: number;
  readonly crashes_alone: number;
  readonly crashes_alone_ever: number;
  /** Its process ended, and this claim counts that. */
  readonly has_crashed: boolean;
  readonly was_alone: boolean;
  readonly next_ms: number | null;
}

/** Leases on effect rows: who may execute an effect, until when, and which attempt that is. */
export function createLeases({ db, sql, owner, leaseMs, hooks }: LeaseDeps) {
  return {
    /** Takes effects that are due, and charges those whose process ended. */
    async claim(wish: ClaimWish): Promise<{ claimed: Claimed[]; nextMs: number | undefined }> {
      const { slots, maySuspect, isQuiet } = wish;
      const rows = await db.query<ClaimedRow>(sql.claim, [owner, slots, leaseMs / 1000, maySuspect ? 1 : 0, isQuiet]);
      const claimed: Claimed[] = [];
      let nextMs: number | undefined;
      for (const row of rows) {
        if (row.stream_id === null) nextMs = row.next_ms ?? undefined;
        else claimed.push(claimedOf(row, row.stream_id));
      }
      for (const row of rows) if (row.stream_id !== null) tell(row, row.stream_id);
      return { claimed, nextMs };
    },
    /** Writes down that an attempt runs alone from now on. False: it is no longer ours. */
    async markAlone(effect: Leased): Promise<boolean> {
      const rows = await db.query(sql.markAlone, [owner, effect.stream, effect.key, effect.started]);
      return rows.length > 0;
    },
    /** Gives a suspect back, to be taken again when the others have had the process to themselves for a while. */
    async stepBack({ effect, crashesAlone }: Claimed): Promise<void> {
      const { stream, key, started } = effect;
      await db.query(sql.stepBack, [owner, stream, key, started, pauseMs(crashesAlone) / 1000]);
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

  function tell(row: ClaimedRow, stream: string): void {
    const { key, data, crashes, crashes_alone, has_crashed, was_alone } = row;
    const effect = { stream, key, type: data.type };
    if (has_crashed) hooks.onCrash?.({ ...effect, crashes, crashesAlone: crashes_alone, wasAlone: was_alone });
    const verdict = verdictOf(row);
    if (verdict?.type === 'effect.failed') hooks.onPoison?.({ ...effect, reason: verdict.reason });
  }
}

/** Id of one attempt: after a lost lease two attempts at one effect may run side by side. */
export function attemptId({ stream, key, started }: { stream: string; key: string; started: number }): string {
  return `${stream}\n${key}\n${started}`;
}

function fenceOf({ stream, key, started }: Leased) {
  return { stream_id: stream, key, started };
}

function claimedOf(row: ClaimedRow, stream: string): Claimed {
  const { key, kind, tenant, data, is_idempotent, started, traceparent, crashes, crashes_alone } = row;
  const verdict = verdictOf(row);
  return {
    effect: {
      ...{ stream, kind, tenant, key, started, effect: data, isIdempotent: is_idempotent, dueAt: undefined },
      traceparent: traceparent ?? undefined,
    },
    verdict,
    crashes,
    crashesAlone: crashes_alone,
    isSuspect: verdict === undefined && crashes >= suspicion.suspectFrom,
    stepsBack: verdict === undefined && row.has_crashed && row.was_alone,
  };
}

/** What is known without trying: that it cannot be known, or that trying kills. */
function verdictOf(row: ClaimedRow): EffectOutcome | undefined {
  const { key, data, is_idempotent, was, crashes, crashes_alone, crashes_alone_ever } = row;
  if (was === 'running' && !is_idempotent) return { type: 'effect.outcome-unknown', effect: data.type, key };
  if (crashes_alone < suspicion.poisonFrom && crashes_alone_ever < suspicion.poisonFromEver) return undefined;
  const reason = poisonReason({ crashes, crashesAlone: crashes_alone });
  return { type: 'effect.failed', effect: data.type, key, code: 'EFFECT_POISON', reason };
}

export function cancelled(sentence: string): ParleyError {
  return new ParleyError('CANCELLED', sentence);
}
