import type { Transaction } from './database.ts';
import type { Batch, EffectRow } from './rows.ts';
import type { Leased, TickDeps } from './tick.ts';

/**
 * Writes all of a batch and commits. Resolves to those of `startable` that are new, leased to this process: an effect that was
 * asked for before is in other hands or done.
 */
export async function writeBatch(
  deps: TickDeps,
  sql: Transaction,
  batch: Batch,
  startable: readonly EffectRow[],
): Promise<Leased[]> {
  const inserted = batch.inbox
    .filter(({ incoming, state }) => incoming.from === 'new' || (incoming.from === 'answer' && state === 'parked'))
    .sort(byLockOrder);
  const settled = batch.inbox.filter(({ incoming }) => incoming.from === 'pending');
  if (settled.length > 0) {
    const rows = settled.map(({ incoming, state }) => ({ id: incoming.id, state }));
    await sql.query(deps.sql.settleInbox, [JSON.stringify(rows)]);
  }
  if (
    inserted.length + batch.created.length + batch.changed.length + batch.events.length + batch.effects.length ===
    0
  ) {
    return [];
  }
  const rows = await writeRows(deps, sql, batch, inserted, new Set(startable));
  return firstOfEach(startable, new Set(rows.map((row) => idOf(row.stream_id, row.key))));
}

type Inserted = Batch['inbox'][number];

/** By id, so that two replicas never wait for each other; only parked inputs must keep their own order. */
function byLockOrder(a: Inserted, b: Inserted): number {
  if (a.state !== b.state) return a.state === 'handled' ? -1 : 1;
  return a.state === 'parked' ? 0 : a.incoming.id < b.incoming.id ? -1 : 1;
}

function writeRows(
  deps: TickDeps,
  sql: Transaction,
  batch: Batch,
  inserted: Batch['inbox'],
  toLease: ReadonlySet<EffectRow>,
): Promise<{ stream_id: string; key: string }[]> {
  const values = (carry: Carry) => [
    JSON.stringify(
      inserted.map(({ incoming, state }) => ({
        id: incoming.id,
        stream_id: incoming.stream,
        kind: incoming.kind,
        state,
        type: incoming.input.type,
        data: state === 'parked' ? carry(incoming.input) : undefined,
        traceparent: incoming.traceparent,
      })),
    ),
    JSON.stringify(batch.created.map((row) => ({ ...row, state: carry(row.state) }))),
    JSON.stringify(batch.changed.map((row) => ({ ...row, state: carry(row.state) }))),
    JSON.stringify(batch.events.map((row) => ({ ...row, data: carry(row.data) }))),
    JSON.stringify(batch.effects.map((effect) => effectRow(effect, toLease.has(effect), deps, carry))),
    batch.finished,
    JSON.stringify(outboxRows(batch.outbox, carry)),
  ];
  return carried(values, (rows, isVerbatim) => sql.finish(isVerbatim ? deps.sql.writeVerbatim : deps.sql.write, rows));
}

/** How JSON goes into the JSON of a parameter. */
type Carry = (value: unknown) => unknown;

/** Escaped NULs and halves of surrogate pairs, as JSON.stringify writes them. Pairs it leaves alone. */
const verbatimOnly = /\\u(?:0000|d[89a-f])/;

/** Hands over the values as they are, or, if they hold what json_to_recordset refuses, with JSON packed into text. */
export function carried<T>(
  values: (carry: Carry) => readonly unknown[],
  query: (values: readonly unknown[], isVerbatim: boolean) => Promise<T>,
): Promise<T> {
  const plain = values((value) => value);
  const isVerbatim = plain.some((value) => typeof value === 'string' && verbatimOnly.test(value));
  return query(isVerbatim ? values(JSON.stringify) : plain, isVerbatim);
}

export function outboxRows(outbox: Iterable<readonly [topic: string, messages: unknown]>, carry: Carry) {
  return [...outbox].map(([topic, messages]) => ({ topic, messages: carry(messages) }));
}

function effectRow(effect: EffectRow, isLeased: boolean, deps: TickDeps, carry: Carry) {
  return {
    stream_id: effect.stream,
    key: effect.key,
    kind: effect.kind,
    data: carry(effect.effect),
    is_idempotent: effect.isIdempotent,
    state: isLeased ? 'running' : 'pending',
    // What is due at once is due from now on: how long it waits says how far behind the workers are.
    due_ms: isLeased ? undefined : effect.dueAt,
    lease_s: isLeased ? deps.leaseMs / 1000 : 0,
    lease_owner: isLeased ? deps.owner : undefined,
    started: isLeased ? 1 : 0,
    traceparent: effect.traceparent,
  };
}

/** Of two requests for one key in the same batch the first was written. */
function firstOfEach(effects: readonly EffectRow[], written: Set<string>): Leased[] {
  return effects
    .filter((effect) => written.delete(idOf(effect.stream, effect.key)))
    .map((effect) => ({ ...effect, started: 1 }));
}

function idOf(stream: string, key: string): string {
  return `${stream}\n${key}`;
}
