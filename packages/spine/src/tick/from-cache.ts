import { timerEffect } from '../kind.ts';
import { answerOf } from './batch.ts';
import { byStream, effectId, freshOf } from './incoming.ts';
import type { Batch } from './rows.ts';
import type { CachedStream, StreamCache } from './stream-cache.ts';
import type { TickInputs } from './tick-inputs.ts';
import type { Work } from './work.ts';
import type { Expected } from './write-batch.ts';

/** What a tick can decide on without asking the database. */
export interface CachedInputs extends TickInputs {
  readonly rows: ReadonlyMap<string, CachedStream>;
}

/**
 * The work as it is if nobody else wrote meanwhile: streams as this process wrote them last, those that it does not
 * know taken for new ones, and every id for one that has not arrived before. Undefined where that is no fair guess.
 */
export function fromCache(
  cache: StreamCache,
  { arrivals, completions, streams, limit, refusal }: Work,
): CachedInputs | undefined {
  const at = cache.now();
  if (at === undefined || streams !== undefined || limit !== undefined || refusal !== undefined) return undefined;
  const rows = new Map<string, CachedStream>();
  for (const { id, stream } of arrivals) {
    const row = cache.get(stream);
    if (row !== undefined) rows.set(stream, row);
    // That something came before only the database can say: a server that took over may not have what was committed.
    if (row?.openedBy === id || cache.hasHandled(id)) return undefined;
  }
  const answered = new Set(completions.map(effectId));
  if (answered.size < completions.length) return undefined;
  for (const { stream, outcome } of completions) {
    // A timer is due by the database's clock, of which the one in memory may be a moment short.
    if (outcome.effect === timerEffect) return undefined;
    const row = cache.get(stream);
    if (row === undefined) return undefined;
    rows.set(stream, row);
  }
  const fresh = freshOf(arrivals, new Set());
  const inputs = byStream([...fresh, ...completions.map((one) => answerOf(one, one.outcome))]);
  if (inputs.size === 0) return undefined;
  return { at, rows, inputs, duplicates: arrivals.length - fresh.length, fenced: 0 };
}

/**
 * What the database has to check when it writes this batch; undefined where there is something that no check covers: a
 * stream that was not written to, or set aside, or that ends with an answer while its other effects are open.
 */
export function expectationsOf(
  batch: Batch,
  { rows, inputs }: CachedInputs,
  { completions }: Work,
): Expected | undefined {
  if (batch.parked.length > 0 || batch.created.length + batch.changed.length < inputs.size) return undefined;
  const answers = new Map<string, number>();
  for (const { stream } of completions) answers.set(stream, (answers.get(stream) ?? 0) + 1);
  const finished: string[] = [];
  for (const id of batch.finished) {
    const open = rows.get(id)?.open ?? 0;
    const answersOfIt = answers.get(id) ?? 0;
    if (open <= answersOfIt) continue;
    if (answersOfIt > 0) return undefined;
    finished.push(id);
  }
  const continued = batch.changed.map((row) => ({ ...row, stamp: rows.get(row.id)?.stamp ?? '' }));
  return { continued, completions, finished };
}
