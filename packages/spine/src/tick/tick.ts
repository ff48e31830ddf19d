import { type Instant, isParleyError } from '@parley/contracts';
import type { Transaction } from '../database/database.ts';
import type { ReachFailpoint } from '../failpoint.ts';
import { decideBatch } from './batch.ts';
import { expectationsOf, fromCache } from './from-cache.ts';
import type { Batch, BatchContext, EffectRow, StreamRow } from './rows.ts';
import type { TickDeps, TickResult } from './tick-deps.ts';
import { readTickInputs, type TickInputs } from './tick-inputs.ts';
import type { Work } from './work.ts';
import { settle, type WriteRow, type WrittenBatch, writeBatch } from './write-batch.ts';

/**
 * One transaction for many streams. What this process remembers of them is tried first, with one statement; where it
 * does not know, or knew wrong, the tables tell.
 */
export async function tick(deps: TickDeps, work: Work): Promise<TickResult> {
  const began = performance.now();
  const settling = deps.clockJumps.settle();
  if (settling !== undefined) await settling;
  return (await fromMemory(deps, work, began)) ?? fromTables(deps, work, began);
}

/** Decides on what is remembered and writes it, if it still holds; undefined where it does not, and nothing was written. */
async function fromMemory(deps: TickDeps, work: Work, began: number): Promise<TickResult | undefined> {
  const known = fromCache(deps.cache, work);
  if (known === undefined) return undefined;
  const batch = decideBatch(known.rows, known.inputs, contextOf(deps, known.at));
  const granted = expectationsOf(batch, known, work);
  if (granted === undefined) return undefined;
  const startable = startableOf(batch);
  const reserved = deps.reserve(startable.length);
  try {
    deps.failpoint('after-inbox-insert');
    deps.failpoint('mid-tick-before-commit');
    const send = (text: string, values: readonly unknown[]) => deps.db.query<WriteRow>(text, values);
    const written = await writeBatch(deps, send, batch, startable.slice(0, reserved), granted);
    return resultOf(deps, work, {
      inputsOfTick: known,
      rows: known.rows,
      batch,
      written,
      reserved,
      began,
      isFromCache: true,
    });
  } catch (thrown) {
    deps.unreserve(reserved);
    deps.cache.forget(known.inputs.keys());
    if (isParleyError(thrown) && thrown.retryable) throw thrown;
    return undefined;
  }
}

/** Locks the streams, reads what is open, decides in memory, writes everything, commits. */
async function fromTables(deps: TickDeps, work: Work, began: number): Promise<TickResult> {
  const { arrivals, completions, streams = [] } = work;
  let reserved = 0;
  let reach: ReachFailpoint = () => {};
  const serve = async (sql: Transaction): Promise<Served> => {
    const named = new Set(streams);
    for (const one of arrivals) named.add(one.stream);
    for (const one of completions) named.add(one.stream);
    const isPendingOnly = named.size === 0;
    const locked = sql.query<StreamRow>(isPendingOnly ? deps.sql.lockPending : deps.sql.lockStreams, [
      isPendingOnly ? work.limit : [...named],
    ]);
    const ids = isPendingOnly ? (await locked).map((row) => row.id) : [...named];
    const [found, inputsOfTick] = await Promise.all([locked, readTickInputs(deps, sql, work, ids, locked)]);
    if (inputsOfTick.inputs.size > 0) reach = deps.failpoint;
    reach('after-inbox-insert');
    const rows = new Map(found.map((row) => [row.id, row]));
    const batch = decideBatch(rows, inputsOfTick.inputs, contextOf(deps, inputsOfTick.at, work.refusal));
    const startable = startableOf(batch);
    reserved = deps.reserve(startable.length);
    await settle(deps, sql, batch);
    const written = await writeBatch(deps, sql.finish<WriteRow>, batch, startable.slice(0, reserved));
    return { inputsOfTick, rows, batch, written, reserved, began, isFromCache: false };
  };
  try {
    const served = await deps.db.transaction(serve, { beforeCommit: () => reach('mid-tick-before-commit') });
    deps.cache.setClock(served.inputsOfTick.at);
    return resultOf(deps, work, served);
  } catch (thrown) {
    deps.unreserve(reserved);
    throw thrown;
  }
}

interface Served {
  readonly inputsOfTick: TickInputs;
  readonly rows: ReadonlyMap<string, StreamRow & { readonly open?: number }>;
  readonly batch: Batch;
  readonly written: WrittenBatch;
  readonly reserved: number;
  readonly began: number;
  readonly isFromCache: boolean;
}

/** What is committed now is remembered and told. */
function resultOf(deps: TickDeps, { completions }: Work, served: Served): TickResult {
  const { inputsOfTick, rows, batch, written, reserved, began, isFromCache } = served;
  const { stamp, leased } = written;
  if (stamp !== undefined) deps.cache.keep({ batch, completions, rows, stamp });
  return {
    report: {
      streams: inputsOfTick.inputs.size,
      inputs: batch.inbox.length,
      events: batch.events.length,
      duplicates: inputsOfTick.duplicates,
      fenced: inputsOfTick.fenced,
      refused: batch.refused,
      parked: batch.parked.length,
      isFromCache,
      ms: performance.now() - began,
    },
    leased,
    unused: reserved - leased.length,
    nextDueAt: nextDue(batch.effects, reserved, inputsOfTick.at),
    at: inputsOfTick.at,
    posted: written.posted,
    finished: batch.finished,
    parked: batch.parked,
  };
}

function contextOf(deps: TickDeps, at: Instant, refusal?: string): BatchContext {
  const { service, kinds, parkedTopic, clockJumps } = deps;
  return { service, at, jumpedMs: clockJumps.jumpedMs(), kinds, parkedTopic, refusal };
}

function startableOf({ effects }: Batch): readonly EffectRow[] {
  return effects.filter((effect) => effect.dueAt === undefined);
}

function nextDue(effects: readonly EffectRow[], reserved: number, at: Instant): Instant | undefined {
  let next: Instant | undefined;
  for (const effect of effects) {
    if (effect.dueAt !== undefined) next = Math.min(next ?? effect.dueAt, effect.dueAt);
  }
  const startable = effects.filter((effect) => effect.dueAt === undefined).length;
  return startable > reserved ? at : next;
}
