import type { Delivery } from '@parley/bus';
import { defaultTenant, type Fact, type Message, readFact } from '@parley/contracts';
import { type Handling, type Logger, traceDeliveries, traceIdOf, traceTick } from '@parley/runtime';
import { type Database, isUniqueViolation, type Sql, type Transaction } from '@parley/spine';
import { z } from 'zod';
import { actFor, everyTenant } from '../access/tenant.ts';
import type { DebatePatch, DebateStore } from '../features/debates/debate-store.ts';
import { isOfReplay, projectReplay } from '../features/replays/replay-projection.ts';
import type { ReplayStore } from '../features/replays/replay-store.ts';
import { type EventStore, maxEvents, type NewEvent } from './event-store.ts';
import type { Hub } from './hub.ts';
import type { ParkedStore } from './parked-store.ts';
import type { UsageStore } from './usage-store.ts';

export interface ProjectionDeps {
  readonly db: Database;
  readonly debates: DebateStore;
  readonly events: EventStore;
  readonly parked: ParkedStore;
  readonly replays: ReplayStore;
  readonly usage: UsageStore;
  readonly hub: Hub;
  readonly logger: Logger;
  readonly handling: Handling;
  /** After new events are committed. */
  onFresh(): void;
}

/** On which replicas hear whose debates have new events; empty when they have missed some. */
export const newsChannel = 'parley/gateway/events';
const parkedType = 'stream-parked.v1';
const unparkedType = 'stream-unparked.v1';
const ofStreams: ReadonlySet<string> = new Set([parkedType, unparkedType]);
const debateId = z.uuid();

/** Keeps the gateway's picture of all debates. A redelivered message changes nothing and is shown to nobody twice. */
export function createProjection(deps: ProjectionDeps): (batch: readonly Delivery[]) => Promise<void> {
  return async (batch) => {
    const shown = batch.filter(({ message }) => isShown(deps, message));
    if (shown.length === 0) return;
    const messages = shown.map(({ message }) => message);
    const fresh = await traceDeliveries(deps.handling, shown, (causes) =>
      traceTick(deps.handling.service, causes, () => takeIn(deps, messages)),
    );
    for (const { debate_id, tenant: _, ...event } of fresh) deps.hub.publish(debate_id, event);
    if (fresh.length > 0) deps.onFresh();
    tellReplicas(deps, new Set(fresh.map((event) => event.debate_id)));
  };
}

/** Replicas that take in the same messages at the same time, as in a rebalance: all but one begin again. */
const maxRaces = 5;

async function takeIn(deps: ProjectionDeps, messages: readonly Message[], races = 0): Promise<NewEvent[]> {
  try {
    return await deps.db.transaction((tx) => project(deps, tx, messages));
  } catch (thrown) {
    if (!isUniqueViolation(thrown) || races === maxRaces) throw thrown;
    return takeIn(deps, messages, races + 1);
  }
}

/** A signal has room for so many ids. */
const idsAtOnce = 150;

function tellReplicas({ db }: ProjectionDeps, debates: Iterable<string>): void {
  const ids = [...debates];
  for (let i = 0; i < ids.length; i += idsAtOnce) db.signals.tell(newsChannel, ids.slice(i, i + idsAtOnce).join());
}

function isShown(deps: ProjectionDeps, message: Message): boolean {
  if (ofStreams.has(message.type)) return true;
  if (message.sequence === undefined || message.source !== 'moderator') return false;
  if (debateId.safeParse(message.subject).success) return true;
  deps.logger.error({ id: message.id, subject: message.subject }, 'An event of no debate is left out.');
  return false;
}

/** @returns the events that were not known before. */
async function project(deps: ProjectionDeps, tx: Transaction, messages: readonly Message[]): Promise<NewEvent[]> {
  const items = messages.map((message) => {
    const event = eventOf(message);
    const read = readFact(message);
    return { message, event, read, change: read.ok ? patchOf(read.fact, message.time) : undefined };
  });
  // Most batches add to logs and change nothing else: then this is the whole transaction, in one trip.
  const isLogOnly = items.every(({ event, change }) => event !== undefined && change === undefined);
  const last: Sql = { query: (text, values = []) => tx.finish(text, values) };
  const [, unknown] = await Promise.all([
    actFor(tx, everyTenant),
    deps.events.append(
      isLogOnly ? last : tx,
      items.flatMap(({ event }) => event ?? []),
    ),
  ]);
  const patches = new Map<string, DebatePatch>();
  const fresh: NewEvent[] = [];
  // In the order of the batch: the last message says what has become of a debate.
  for (const { message, event, read, change } of items) {
    let patch: Change | undefined;
    if (isOfReplay(message)) await projectReplay(deps, tx, message);
    else if (message.type === unparkedType) patch = await recordUnparked(deps, tx, message);
    else if (event === undefined) patch = await recordParked(deps, tx, message);
    else if (unknown.delete(`${event.debate_id}/${event.seq}`)) {
      fresh.push(event);
      patch = change;
      // What a build cannot read it still numbers and shows: a newer moderator's fact leaves no gap.
      if (!read.ok)
        deps.logger.error({ id: message.id, reason: read.reason }, 'An event cannot be read; it is shown as it came.');
    }
    const id = message.subject;
    if (patch !== undefined)
      patches.set(id, { ...patches.get(id), ...patch, id, tenant: message.tenant ?? defaultTenant });
  }
  if (patches.size > 0) await deps.debates.apply(tx, [...patches.values()]);
  return fresh;
}

type Change = Omit<DebatePatch, 'id' | 'tenant'>;

function eventOf(message: Message): NewEvent | undefined {
  const { type, sequence, subject, tenant = defaultTenant, time, data, traceparent = '' } = message;
  const traceId = traceIdOf(traceparent);
  if (ofStreams.has(type) || isOfReplay(message) || sequence === undefined) return undefined;
  return { debate_id: subject, tenant, seq: sequence, type, at: time, data, ...(traceId === '' ? {} : { traceId }) };
}

async function recordParked(deps: ProjectionDeps, tx: Sql, message: Message): Promise<Change | undefined> {
  const read = readFact(message);
  if (!read.ok || read.fact.type !== parkedType) return undefined;
  const isNew = await deps.parked.add(tx, message.tenant ?? defaultTenant, message.id, read.fact.data, message.time);
  // Set aside again, it must have had its try in between, whoever gave it that.
  if (isNew) await deps.parked.settle(tx, read.fact.data, message.time);
  if (isNew && read.fact.data.kind === 'replay') {
    await deps.replays.apply(tx, { id: message.subject, status: 'parked' });
  }
  const isDebate = read.fact.data.kind === 'debate' && debateId.safeParse(message.subject).success;
  return isNew && isDebate ? { status: 'parked' } : undefined;
}

/** What the stream's own events say of it counts again. */
async function recordUnparked(deps: ProjectionDeps, tx: Sql, message: Message): Promise<Change | undefined> {
  const read = readFact(message);
  if (!read.ok || read.fact.type !== unparkedType) return undefined;
  if (!(await deps.parked.settle(tx, read.fact.data, message.time))) return undefined;
  const { kind, stream } = read.fact.data;
  if (kind === 'replay') await deps.replays.apply(tx, { id: stream, status: 'accepted' });
  if (kind !== 'debate' || !debateId.safeParse(stream).success) return undefined;
  const log = await deps.events.after(tx, everyTenant, stream, 0, maxEvents);
  const changes = log.flatMap((event) => {
    const known = readFact(event);
    return known.ok ? (patchOf(known.fact, event.at)?.status ?? []) : [];
  });
  return { status: changes.at(-1) ?? 'accepted' };
}

function patchOf(fact: Fact, at: string): Change | undefined {
  switch (fact.type) {
    case 'debate-started.v1':
      return { status: 'debating', topic: fact.data.topic, max_rounds: fact.data.maxRounds, created_at: at };
    case 'debate-paused.v1':
      return { status: 'paused' };
    case 'debate-resumed.v1':
      return { status: 'debating' };
    case 'debate-stopped.v1': {
      const { stopReason, alsoTrue, detail } = fact.data;
      const said = detail === undefined ? {} : { detail };
      return { status: 'judging', stop_reason: stopReason, also_true: alsoTrue, ...said };
    }
    case 'verdict-given.v1':
      return { status: 'judging', verdict: fact.data.verdict };
    case 'debate-closed.v1':
      return { status: fact.data.status, stop_reason: fact.data.stopReason, closed_at: at };
    default:
      return undefined;
  }
}
