import { answerOf } from './batch.ts';
import type { Sql } from './database.ts';
import type { Incoming, StreamRow } from './rows.ts';
import type { Completion, TickDeps, Work } from './work.ts';

interface AroundRow {
  readonly at: number;
  readonly seen: string[] | null;
  readonly pending:
    | { id: string; stream: string; kind: string; type: string; data: unknown; traceparent: string | null }[]
    | null;
  readonly fenced: [stream: string, key: string][] | null;
}

/** What one tick has to decide on. */
export interface Around {
  /** Whole milliseconds by the database's clock. */
  readonly at: number;
  /** Of each stream in the order of their arrival. */
  readonly inputs: ReadonlyMap<string, readonly Incoming[]>;
  readonly duplicates: number;
  readonly fenced: number;
}

/** Reads, under the locks of `streams`, what of the work is new and what else lies there for them. `locked` are their rows. */
export async function readAround(
  deps: TickDeps,
  sql: Sql,
  { arrivals, completions }: Work,
  streams: readonly string[],
  locked: Promise<readonly StreamRow[]>,
): Promise<Around> {
  const fences = completions.map((c) => ({ stream_id: c.stream, key: c.key, started: c.started }));
  const reading = sql.query<AroundRow>(deps.sql.readAround, [
    arrivals.map((arrival) => arrival.id),
    streams,
    JSON.stringify(fences),
    deps.owner,
  ]);
  const [rows, [around]] = await Promise.all([locked, reading]);
  if (around === undefined) throw new Error('readAround answered no row');
  const inputs = new Map<string, Incoming[]>();
  const add = (incoming: Incoming): void => {
    const list = inputs.get(incoming.stream);
    if (list === undefined) inputs.set(incoming.stream, [incoming]);
    else list.push(incoming);
  };
  for (const p of around.pending ?? []) {
    const input = { type: p.type, ...(p.data as object) };
    add({ id: p.id, kind: p.kind, stream: p.stream, input, traceparent: p.traceparent ?? undefined, from: 'pending' });
  }
  const seen = new Set(around.seen ?? []);
  for (const { openedBy } of rows) if (openedBy !== null) seen.add(openedBy);
  let duplicates = 0;
  for (const arrival of arrivals) {
    if (seen.has(arrival.id)) {
      duplicates += 1;
      continue;
    }
    seen.add(arrival.id);
    add({ ...arrival, from: 'new' });
  }
  const fenced = new Set((around.fenced ?? []).map(([stream, key]) => idOf({ stream, key })));
  for (const one of completions) {
    if (fenced.has(idOf(one))) add(answerOf(one, one.outcome));
  }
  // New streams have no row to lock: in one order everywhere, two replicas that begin the same ones cannot deadlock.
  const ordered = new Map([...inputs].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { at: around.at, inputs: ordered, duplicates, fenced: completions.length - fenced.size };
}

function idOf(effect: Pick<Completion, 'stream' | 'key'>): string {
  return `${effect.stream}\n${effect.key}`;
}
