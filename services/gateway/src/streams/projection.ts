import type { Delivery } from '@parley/bus';
import {
  defaultTenant,
  type FactPlace,
  type Message,
  ParleyError,
  placeOfFact,
  type ReadFact,
  readFact,
} from '@parley/contracts';
import { type Handling, type Logger, traceDeliveries, traceIdOf, traceTick } from '@parley/runtime';
import { type Database, isUniqueViolation, type Sql, type Transaction } from '@parley/spine';
import { z } from 'zod';
import { actFor, everyTenant } from '../access/tenant.ts';
import type { EventStore, NewEvent } from './event-store.ts';
import type { Features } from './feature.ts';
import type { Hub } from './hub.ts';
import type { ParkedProjection } from './parked-projection.ts';
import type { StreamRow, StreamStore } from './stream-store.ts';

export interface ProjectionDeps {
  readonly db: Database;
  readonly features: Features;
  readonly streams: StreamStore;
  readonly events: EventStore;
  readonly parked: ParkedProjection;
  readonly hub: Hub;
  readonly logger: Logger;
  readonly handling: Handling;
  /** Called after new events are committed. */
  onFresh(): void;
}

/** Channel on which replicas hear which streams have new events; an empty text means that some were missed. */
export const newsChannel = 'parley/gateway/events';
const uuid = z.uuid();

/** A message that belongs to the picture: a numbered fact, or a report of a stream that was set aside. */
interface Item {
  readonly message: Message;
  readonly place: FactPlace | undefined;
  readonly read: ReadFact;
}

/** Keeps the gateway's picture of all streams. A redelivered message changes nothing and is shown to nobody twice. */
export function createProjection(deps: ProjectionDeps): (batch: readonly Delivery[]) => Promise<void> {
  return async (batch) => {
    const shown = batch.filter(({ message }) => isShown(deps, message));
    if (shown.length === 0) return;
    const messages = shown.map(({ message }) => message);
    const fresh = await traceDeliveries(deps.handling, shown, (causes) =>
      traceTick(deps.handling.service, causes, () => takeIn(deps, messages)),
    );
    for (const { stream_id, tenant: _, kind: __, ...event } of fresh) deps.hub.publish(stream_id, event);
    if (fresh.length > 0) deps.onFresh();
    tellReplicas(deps, new Set(fresh.map((event) => event.stream_id)));
  };
}

/** Most attempts of replicas that take in the same messages at the same time, as in a rebalance: all but one begin again. */
const maxRaces = 5;

async function takeIn(deps: ProjectionDeps, messages: readonly Message[], races = 0): Promise<NewEvent[]> {
  try {
    return await deps.db.transaction((tx) => project(deps, tx, messages));
  } catch (thrown) {
    if (!isUniqueViolation(thrown) || races === maxRaces) throw thrown;
    return takeIn(deps, messages, races + 1);
  }
}

/** Most ids that one signal has room for. */
const idsAtOnce = 150;

function tellReplicas({ db }: ProjectionDeps, streams: Iterable<string>): void {
  const ids = [...streams];
  for (let i = 0; i < ids.length; i += idsAtOnce) db.signals.tell(newsChannel, ids.slice(i, i + idsAtOnce).join());
}

function isShown({ features, parked, logger }: ProjectionDeps, message: Message): boolean {
  if (parked.isReport(message)) return true;
  const place = placeOfFact(message);
  if (place === undefined) return refuseUnplaced(features, message);
  const owner = features.get(place.kind)?.kind.service;
  if (owner !== undefined && owner !== message.source) return false;
  if (uuid.safeParse(place.stream).success) return true;
  // A stream of a kind that users do not see may have a name that is no UUID.
  if (owner !== undefined) logger.error({ id: message.id, kind: place.kind }, 'A fact of no stream is left out.');
  return false;
}

/**
 * A message that is no fact of a log is somebody else's, unless it has a number and comes from the writer of one.
 * @throws ParleyError MESSAGE_INVALID, so that it is buried and not left out in silence
 */
function refuseUnplaced(features: Features, { id, source, sequence }: Message): false {
  const isOfWriter = [...features.values()].some(({ kind }) => kind.service === source);
  if (sequence === undefined || !isOfWriter) return false;
  const message = `Message ${id} has the number ${sequence}, and its id names no place in a log: kind/stream/number.`;
  throw new ParleyError('MESSAGE_INVALID', message);
}

/** @returns the events that were not known before. */
async function project(deps: ProjectionDeps, tx: Transaction, messages: readonly Message[]): Promise<NewEvent[]> {
  const items = messages.map((message): Item => ({ message, place: placeOfFact(message), read: readFact(message) }));
  const changing = new Set(items.flatMap((item) => changedBy(deps, item) ?? []));
  // Most batches add to logs and change nothing else: then this is the whole transaction, in one trip.
  const isLogOnly = changing.size === 0 && items.every(({ message }) => !deps.parked.isReport(message));
  const last: Sql = { query: (text, values = []) => tx.finish(text, values) };
  const [, rows, unknown] = await Promise.all([
    actFor(tx, everyTenant),
    deps.streams.lock(tx, everyTenant, [...changing]),
    deps.events.append(isLogOnly ? last : tx, items.flatMap(eventOf)),
  ]);
  const written = new Set<string>();
  const change = (row: StreamRow | undefined): void => {
    if (row === undefined) return;
    rows.set(row.id, row);
    written.add(row.id);
  };
  const fresh: NewEvent[] = [];
  // In the order of the batch: the last message says what has become of a stream.
  for (const item of items) {
    const { message, place, read } = item;
    if (place === undefined) {
      change(await deps.parked.take(tx, message, rows));
      continue;
    }
    if (!unknown.delete(`${place.stream}/${place.seq}`)) continue;
    fresh.push(...eventOf(item));
    // What a build cannot read it still numbers and shows: a newer writer's fact leaves no gap.
    if (!read.ok)
      deps.logger.error({ id: message.id, reason: read.reason }, 'An event cannot be read; it is shown as it came.');
    change(evolved(deps, item, rows.get(place.stream)));
  }
  const changed = [...written].flatMap((id) => rows.get(id) ?? []);
  if (changed.length > 0) await deps.streams.write(tx, changed);
  return fresh;
}

/** The stream whose row the item changes, so that it has to be read; undefined for a fact that only adds to a log. */
function changedBy({ features, parked }: ProjectionDeps, { message, place, read }: Item): string | undefined {
  if (place === undefined) return parked.changedBy(message);
  const feature = features.get(place.kind);
  const isListed = read.ok && feature?.evolve(undefined, read.fact, message.time) !== undefined;
  return isListed ? place.stream : undefined;
}

function evolved({ features }: ProjectionDeps, { message, place, read }: Item, before: StreamRow | undefined) {
  if (place === undefined || !read.ok) return undefined;
  const after = features.get(place.kind)?.evolve(before, read.fact, message.time);
  if (after === undefined) return undefined;
  return { ...after, id: place.stream, kind: place.kind, tenant: message.tenant ?? defaultTenant };
}

function eventOf({ message, place }: Item): NewEvent[] {
  if (place === undefined) return [];
  const { type, tenant = defaultTenant, time, data, traceparent = '' } = message;
  const traceId = traceIdOf(traceparent);
  const event = { kind: place.kind, stream_id: place.stream, tenant, seq: place.seq, type, at: time, data };
  return [traceId === '' ? event : { ...event, traceId }];
}
