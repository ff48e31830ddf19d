import { ParleyError, type StreamKind } from '@parley/contracts';
import type { Database, Sql } from '@parley/spine';
import { z } from 'zod';
import { onBehalfOf } from '../access/tenant.ts';
import type { Connections } from './connections.ts';
import { type EventStore, maxEvents, type StreamEvent } from './event-store.ts';
import type { FollowDeps } from './follow.ts';
import { type Followed, pull } from './pull.ts';
import type { PageOf, StreamRow, StreamStore } from './stream-store.ts';

export interface StreamsDeps extends Pick<FollowDeps, 'hub' | 'pollMs'> {
  readonly db: Database;
  readonly store: StreamStore;
  readonly events: EventStore;
  readonly connections: Connections;
}

/** A stream that is about to be followed. */
export interface OpenedStream {
  readonly row: StreamRow;
  /** Everything was sent before, and nothing will follow. */
  readonly isOver: boolean;
  readonly following: FollowDeps;
}

const uuid = z.uuid();
const pageSize = 20;

/** Streams of every kind, as one tenant sees them. */
export function createStreams({ db, store, events, connections, hub, pollMs }: StreamsDeps) {
  /** @throws ParleyError NOT_FOUND, also for another tenant's */
  async function existing(sql: Sql, tenant: string, kind: StreamKind, id: string): Promise<StreamRow> {
    const found = uuid.safeParse(id).success ? await store.find(sql, tenant, kind.name, id.toLowerCase()) : undefined;
    if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no ${kind.name} ${id}.`);
    return found;
  }

  /** @throws ParleyError NOT_FOUND */
  async function open(tenant: string, kind: StreamKind, id: string, after: number): Promise<OpenedStream> {
    const mine = onBehalfOf(db, tenant);
    const row = await existing(mine, tenant, kind, id);
    const eventsAfter = (of: string, seq: number, limit: number) => events.after(mine, tenant, of, seq, limit);
    const isOver = row.closedAt !== null && (await eventsAfter(row.id, after, 1)).length === 0;
    return { row, isOver, following: { hub, pollMs, eventsAfter, last: kind.last } };
  }

  return {
    existing,
    open,

    /** @throws ParleyError NOT_FOUND */
    find: (tenant: string, kind: StreamKind, id: string): Promise<StreamRow> =>
      existing(onBehalfOf(db, tenant), tenant, kind, id),

    /** One page, newest first; `next` is the cursor of the next one. */
    async page(
      tenant: string,
      { limit = pageSize, ...which }: PageOf & { readonly limit?: number | undefined },
    ): Promise<{ readonly rows: StreamRow[]; readonly next: string | null }> {
      const found = await store.page(onBehalfOf(db, tenant), tenant, limit + 1, which);
      const rows = found.slice(0, limit);
      return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
    },

    children: (tenant: string, kind: StreamKind, parent: string, limit: number): Promise<StreamRow[]> =>
      store.children(onBehalfOf(db, tenant), tenant, kind.name, parent, limit),

    count: (tenant: string, kind: StreamKind, statuses?: readonly string[]): Promise<number> =>
      store.count(onBehalfOf(db, tenant), tenant, kind.name, statuses),

    /** The log of a stream, from its beginning. */
    log: (tenant: string, id: string): Promise<StreamEvent[]> =>
      events.after(onBehalfOf(db, tenant), tenant, id, 0, maxEvents),

    /**
     * Events as they are committed, from the one after `after` to the last, and deltas in between.
     * @throws ParleyError NOT_FOUND, TOO_MANY_STREAMS, when the first is asked for
     */
    async *follow(
      tenant: string,
      kind: StreamKind,
      id: string,
      after: number,
      signal: AbortSignal,
    ): AsyncGenerator<Followed> {
      const { row, isOver, following } = await open(tenant, kind, id, after);
      if (isOver) return;
      const leave = await connections.enter(tenant);
      try {
        yield* pull(following, row.id, after, signal);
      } finally {
        leave();
      }
    },
  };
}
export type Streams = ReturnType<typeof createStreams>;
