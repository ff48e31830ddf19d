import type { Transaction } from './database.ts';
import { outboxRows } from './outbox-rows.ts';
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
  const effects = firstOfEach(batch.effects);
  const toLease = new Set(startable);
  const { owner, leaseMs } = deps;
  const outbox = outboxRows(batch.outbox);
  const { text, values } = deps.sql.write({ ...batch, effects, inserted, outbox, leased: toLease, owner, leaseMs });
  const rows = await sql.finish<{ stream_id: string; key: string }>(text, values);
  const written = new Set(rows.map((row) => idOf(row.stream_id, row.key)));
  return effects
    .filter((effect) => toLease.has(effect) && written.has(idOf(effect.stream, effect.key)))
    .map((effect) => ({ ...effect, started: 1 }));
}

type Inserted = Batch['inbox'][number];

/** By id, so that two replicas never wait for each other; only parked inputs must keep their own order. */
function byLockOrder(a: Inserted, b: Inserted): number {
  if (a.state !== b.state) return a.state === 'handled' ? -1 : 1;
  return a.state === 'parked' ? 0 : a.incoming.id < b.incoming.id ? -1 : 1;
}

/** Of two requests for one key in the same batch the first counts. */
function firstOfEach(effects: readonly EffectRow[]): EffectRow[] {
  const first = new Map<string, EffectRow>();
  for (const effect of effects) {
    const id = idOf(effect.stream, effect.key);
    if (!first.has(id)) first.set(id, effect);
  }
  return [...first.values()];
}

function idOf(stream: string, key: string): string {
  return `${stream}\n${key}`;
}
