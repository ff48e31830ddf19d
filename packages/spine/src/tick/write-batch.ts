import type { Sql } from '../database/database.ts';
import type { Posted } from '../outbox/outbox-reader.ts';
import { outboxRows } from '../outbox/outbox-rows.ts';
import { effectId } from './incoming.ts';
import type { Batch, EffectRow } from './rows.ts';
import type { TickDeps } from './tick-deps.ts';
import type { Leased } from './work.ts';
import type { Writing } from './write-parts.ts';

/** What was written, and by which transaction; no `stamp` where there was nothing to write. */
export interface WrittenBatch {
  /** Startable effects that are new, leased to this process: the others are in other hands or done. */
  readonly leased: readonly Leased[];
  readonly stamp: string | undefined;
  /** What is in the outbox now. */
  readonly posted: readonly Posted[];
}

/** State that a batch decided from the cache expects to find in the database. */
export type Expected = Pick<Writing, 'continued' | 'completions' | 'finished'>;

type Send = (text: string, values: readonly unknown[]) => Promise<WriteRow[]>;
/** A row of one of three forms: the first has the stamp, an effect's its names, an outbox row's its place. */
export interface WriteRow {
  readonly stamp: string | null;
  readonly stream_id: string | null;
  readonly key: string | null;
  readonly pos: string | null;
}

/** Writes all of a batch in one statement, by `send`. */
export async function writeBatch(
  deps: TickDeps,
  send: Send,
  batch: Batch,
  startable: readonly EffectRow[],
  expected?: Expected,
): Promise<WrittenBatch> {
  const inserted = batch.inbox
    .filter(({ incoming, state }) => incoming.from === 'new' || (incoming.from === 'answer' && state === 'parked'))
    .sort(byLockOrder);
  const { created, changed, events, effects: asked } = batch;
  if (inserted.length + created.length + changed.length + events.length + asked.length === 0) {
    return { leased: [], stamp: undefined, posted: [] };
  }
  const effects = firstOfEach(asked);
  const toLease = new Set(startable);
  const outbox = outboxRows(batch.outbox);
  const { text, values } = deps.sql.write({
    ...batch,
    ...(expected === undefined ? { continued: [], completions: [] } : { changed: [], ...expected }),
    effects,
    inserted,
    outbox,
    leased: toLease,
    owner: deps.owner,
    leaseMs: deps.leaseMs,
  });
  const [first, ...rows] = await send(text, values);
  const written = new Set(rows.map((row) => effectId({ stream: row.stream_id ?? '', key: row.key ?? '' })));
  const places = rows.flatMap(({ pos }) => pos ?? []);
  const leased = effects
    .filter((effect) => toLease.has(effect) && written.has(effectId(effect)))
    .map((effect) => ({ ...effect, started: 1 }));
  const posted = outbox.map(({ topic, messages }, i) => ({ pos: places[i] ?? '', topic, messages }));
  return { leased, stamp: first?.stamp ?? undefined, posted };
}

/** What was pending is handled now, or parked. */
export async function settle(deps: TickDeps, sql: Sql, batch: Batch): Promise<void> {
  const settled = batch.inbox.filter(({ incoming }) => incoming.from === 'pending');
  if (settled.length === 0) return;
  const rows = settled.map(({ incoming, state }) => ({ id: incoming.id, state }));
  await sql.query(deps.sql.settleInbox, [JSON.stringify(rows)]);
}

type Inserted = Batch['inbox'][number];

/** Orders inputs by id, so that two replicas never wait for each other; parked inputs must keep their own order. */
function byLockOrder(a: Inserted, b: Inserted): number {
  if (a.state !== b.state) return a.state === 'handled' ? -1 : 1;
  return a.state === 'parked' ? 0 : a.incoming.id < b.incoming.id ? -1 : 1;
}

/** Keeps the first of two requests for one key in the same batch. */
function firstOfEach(effects: readonly EffectRow[]): EffectRow[] {
  const first = new Map<string, EffectRow>();
  for (const effect of effects) {
    const id = effectId(effect);
    if (!first.has(id)) first.set(id, effect);
  }
  return [...first.values()];
}
