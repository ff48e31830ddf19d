import type { Sql } from '../database/database.ts';
import { answerOf } from './batch.ts';
import { byStream, effectId, freshOf } from './incoming.ts';
import type { Incoming, StreamRow } from './rows.ts';
import type { TickDeps } from './tick-deps.ts';
import type { Work } from './work.ts';

interface TickInputsRow {
  readonly at: number;
  readonly seen: string[] | null;
  readonly pending:
    | { id: string; stream: string; kind: string; type: string; data: unknown; traceparent: string | null }[]
    | null;
  readonly fenced: [stream: string, key: string][] | null;
}

/** What one tick has to decide on. */
export interface TickInputs {
  /** Whole milliseconds by the database's clock. */
  readonly at: number;
  /** Each stream's inputs in the order of their arrival. */
  readonly inputs: ReadonlyMap<string, readonly Incoming[]>;
  readonly duplicates: number;
  readonly fenced: number;
}

/** Reads, under the locks of `streams`, what of the work is new and what else lies there for them. `locked` are their rows. */
export async function readTickInputs(
  deps: TickDeps,
  sql: Sql,
  { arrivals, completions }: Work,
  streams: readonly string[],
  locked: Promise<readonly StreamRow[]>,
): Promise<TickInputs> {
  const fences = completions.map((c) => ({ stream_id: c.stream, key: c.key, started: c.started }));
  const reading = sql.query<TickInputsRow>(deps.sql.readTickInputs, [
    arrivals.map((arrival) => arrival.id),
    streams,
    JSON.stringify(fences),
    deps.owner,
  ]);
  const [rows, [around]] = await Promise.all([locked, reading]);
  if (around === undefined) throw new Error('readAround answered no row');
  const pending = (around.pending ?? []).map(({ type, data, traceparent, ...p }): Incoming => {
    const input = { type, ...(data as object) };
    return { ...p, input, traceparent: traceparent ?? undefined, from: 'pending' };
  });
  const seen = new Set(around.seen ?? []);
  for (const { openedBy } of rows) if (openedBy !== null) seen.add(openedBy);
  const fresh = freshOf(arrivals, seen);
  const fenced = new Set((around.fenced ?? []).map(([stream, key]) => effectId({ stream, key })));
  const answers = completions.filter((one) => fenced.has(effectId(one))).map((one) => answerOf(one, one.outcome));
  return {
    at: around.at,
    inputs: byStream([...pending, ...fresh, ...answers]),
    duplicates: arrivals.length - fresh.length,
    fenced: completions.length - fenced.size,
  };
}
