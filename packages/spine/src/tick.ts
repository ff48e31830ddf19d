import type { EffectOutcome, Instant } from '@parley/contracts';
import { answerOf, type Batch, decideBatch, type EffectRow, type Incoming, type StreamRow } from './batch.ts';
import type { Database, Sql } from './database.ts';
import type { ReachFailpoint } from './failpoint.ts';
import type { TickReport } from './hooks.ts';
import type { Arrival, Kind } from './kind.ts';
import type { Statements } from './statements.ts';

/** The answer of an effect that this process executed. */
export interface Completion {
  readonly stream: string;
  readonly kind: string;
  readonly key: string;
  /** Fence: which attempt is answered. */
  readonly started: number;
  readonly traceparent?: string | undefined;
  readonly outcome: EffectOutcome;
}

/** An effect that was written with its lease already taken by this process. */
export interface Leased extends EffectRow {
  readonly started: number;
}

export interface TickDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly service: string;
  readonly owner: string;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly parkedTopic: string | undefined;
  readonly leaseMs: number;
  readonly failpoint: ReachFailpoint;
  /** How many of `wanted` effects this process will start at once. */
  reserve(wanted: number): number;
  /** Gives back what `reserve` granted and was not used. */
  unreserve(count: number): void;
}

export interface TickResult {
  readonly report: TickReport;
  readonly leased: readonly Leased[];
  /** Effects were written that somebody must claim, now or when they fall due. */
  readonly nextDueAt: Instant | undefined;
  readonly at: Instant;
  readonly hasOutbox: boolean;
  readonly finished: readonly string[];
  readonly parked: Batch['parked'];
}

/**
 * One transaction for many streams: lock them, read what is open, decide in memory, write everything, commit. Without
 * arguments it takes up to `limit` streams that have pending inputs.
 */
export async function tick(
  deps: TickDeps,
  arrivals: readonly Arrival[],
  completions: readonly Completion[],
  limit = 200,
): Promise<TickResult> {
  const began = performance.now();
  let reserved = 0;
  try {
    return await deps.db.transaction(async (sql) => {
      const isPendingOnly = arrivals.length + completions.length === 0;
      const wanted = [...new Set([...arrivals, ...completions].map((one) => one.stream))];
      const rows = await sql.query<StreamRow>(isPendingOnly ? deps.sql.lockPending : deps.sql.lockStreams, [
        isPendingOnly ? limit : wanted,
      ]);
      const around = await readAround(deps, sql, arrivals, completions, isPendingOnly ? rows.map((r) => r.id) : wanted);
      const reach: typeof deps.failpoint = around.inputs.size > 0 ? deps.failpoint : () => {};
      reach('after-inbox-insert');
      const batch = decideBatch(new Map(rows.map((row) => [row.id, row])), around.inputs, {
        service: deps.service,
        at: around.at,
        kinds: deps.kinds,
        parkedTopic: deps.parkedTopic,
      });
      const startable = batch.effects.filter((effect) => effect.dueAt === undefined);
      reserved = deps.reserve(startable.length);
      const leased = startable.slice(0, reserved).map((effect) => ({ ...effect, started: 1 }));
      await writeBatch(deps, sql, batch, new Set(startable.slice(0, reserved)));
      reach('mid-tick-before-commit');
      return {
        report: {
          streams: around.inputs.size,
          inputs: batch.inbox.length,
          events: batch.events.length,
          duplicates: around.duplicates,
          fenced: around.fenced,
          refused: batch.refused,
          parked: batch.parked.length,
          ms: performance.now() - began,
        },
        leased,
        nextDueAt: nextDue(batch.effects, leased.length, around.at),
        at: around.at,
        hasOutbox: batch.outbox.size > 0,
        finished: batch.finished,
        parked: batch.parked,
      };
    });
  } catch (thrown) {
    deps.unreserve(reserved);
    throw thrown;
  }
}

interface Around {
  readonly at: number;
  readonly seen: string[] | null;
  readonly pending:
    | { id: string; stream: string; kind: string; type: string; data: unknown; traceparent: string | null }[]
    | null;
  readonly fenced: [stream: string, key: string][] | null;
}

async function readAround(
  deps: TickDeps,
  sql: Sql,
  arrivals: readonly Arrival[],
  completions: readonly Completion[],
  streams: readonly string[],
) {
  const fences = completions.map((c) => ({ stream_id: c.stream, key: c.key, started: c.started }));
  const [around] = await sql.query<Around>(deps.sql.readAround, [
    arrivals.map((arrival) => arrival.id),
    streams,
    JSON.stringify(fences),
    deps.owner,
  ]);
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
  let duplicates = 0;
  for (const arrival of arrivals) {
    if (seen.has(arrival.id)) {
      duplicates += 1;
      continue;
    }
    seen.add(arrival.id);
    add({ ...arrival, from: 'new' });
  }
  const fenced = new Set((around.fenced ?? []).map(([stream, key]) => `${stream}\n${key}`));
  for (const one of completions) {
    if (fenced.has(`${one.stream}\n${one.key}`)) add(answerOf(one, one.outcome));
  }
  return { at: around.at, inputs, duplicates, fenced: completions.length - fenced.size };
}

async function writeBatch(deps: TickDeps, sql: Sql, batch: Batch, leased: ReadonlySet<EffectRow>): Promise<void> {
  const inserted = batch.inbox.filter(
    ({ incoming, state }) => incoming.from === 'new' || (incoming.from === 'answer' && state === 'parked'),
  );
  const settled = batch.inbox.filter(({ incoming }) => incoming.from === 'pending');
  if (inserted.length + batch.created.length + batch.changed.length + batch.events.length > 0) {
    await sql.query(deps.sql.write, [
      JSON.stringify(
        inserted.map(({ incoming, state }) => ({
          id: incoming.id,
          stream_id: incoming.stream,
          kind: incoming.kind,
          state,
          type: incoming.input.type,
          data: state === 'parked' ? incoming.input : undefined,
          traceparent: incoming.traceparent,
        })),
      ),
      JSON.stringify(batch.created),
      JSON.stringify(batch.changed),
      JSON.stringify(batch.events),
      JSON.stringify(batch.effects.map((effect) => effectRow(effect, leased.has(effect), deps))),
      batch.finished,
      JSON.stringify([...batch.outbox].map(([topic, messages]) => ({ topic, messages }))),
    ]);
  }
  if (settled.length === 0) return;
  const rows = settled.map(({ incoming, state }) => ({ id: incoming.id, state }));
  await sql.query(deps.sql.settleInbox, [JSON.stringify(rows)]);
}

function effectRow(effect: EffectRow, isLeased: boolean, deps: TickDeps) {
  return {
    stream_id: effect.stream,
    key: effect.key,
    kind: effect.kind,
    data: effect.effect,
    is_idempotent: effect.isIdempotent,
    state: isLeased ? 'running' : 'pending',
    due_ms: isLeased ? undefined : (effect.dueAt ?? 0),
    lease_s: deps.leaseMs / 1000,
    lease_owner: isLeased ? deps.owner : undefined,
    started: isLeased ? 1 : 0,
    traceparent: effect.traceparent,
  };
}

function nextDue(effects: readonly EffectRow[], leased: number, at: Instant): Instant | undefined {
  let next: Instant | undefined;
  for (const effect of effects) {
    if (effect.dueAt !== undefined) next = Math.min(next ?? effect.dueAt, effect.dueAt);
  }
  const startable = effects.filter((effect) => effect.dueAt === undefined).length;
  return startable > leased ? at : next;
}
