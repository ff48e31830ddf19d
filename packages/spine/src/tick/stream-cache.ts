import type { Instant } from '@parley/contracts';
import type { Batch, StreamRow } from './rows.ts';
import type { Completion } from './work.ts';

/** A stream as this process wrote it last. */
export interface CachedStream extends StreamRow {
  /** Transaction that wrote the row (`xmin`). It shows every change of the row, by any process. */
  readonly stamp: string;
  /** Upper bound of its open effects: infinity where nobody counted. */
  readonly open: number;
}

/** What a tick wrote, and in which transaction. */
export interface CachedTick {
  readonly batch: Batch;
  readonly completions: readonly Completion[];
  /** The streams' rows before this tick. */
  readonly rows: ReadonlyMap<string, StreamRow & { readonly open?: number }>;
  readonly stamp: string;
}

/** An estimate of the server's clock is not older than this; a clock that jumped or stood still is not trusted. */
const clock = { maxAgeMs: 30_000, maxDriftMs: 50 };

/**
 * What this process knows of streams and of the database's clock without asking. It may be wrong whenever another
 * process wrote meanwhile, so code that relies on it lets the database check.
 */
export function createStreamCache(max: { readonly streams: number; readonly ids: number }) {
  /** Streams in the order of their last use. */
  const streams = new Map<string, CachedStream>();
  /** Ids of inputs that this process has handled, in that order. */
  const handled = new Set<string>();
  let read: { readonly at: Instant; readonly monotonic: number; readonly wall: number } | undefined;

  return {
    get: (stream: string): CachedStream | undefined => streams.get(stream),

    hasHandled: (id: string): boolean => handled.has(id),

    forget(ids: Iterable<string>): void {
      for (const id of ids) streams.delete(id);
    },

    keep({ batch, completions, rows, stamp }: CachedTick): void {
      const opened = new Map<string, number>();
      const count = (id: string, by: number) => opened.set(id, (opened.get(id) ?? 0) + by);
      for (const { stream } of batch.effects) count(stream, 1);
      for (const { stream } of completions) count(stream, -1);
      const keep = (row: Batch['created'][number], openedBy: string | null, openBefore: number): void => {
        streams.delete(row.id);
        if (row.status !== 'active') return;
        const { id, kind, tenant, version, state, status } = row;
        const open = openBefore + (opened.get(id) ?? 0);
        streams.set(id, { id, kind, tenant, version, state, status, openedBy, stamp, open });
      };
      for (const row of batch.created) keep(row, row.opened_by ?? null, 0);
      for (const row of batch.changed) {
        const before = rows.get(row.id);
        keep(row, before?.openedBy ?? null, before?.open ?? Number.POSITIVE_INFINITY);
      }
      for (const { incoming, state } of batch.inbox) if (state === 'handled') handled.add(incoming.id);
      trim(streams, max.streams);
      trim(handled, max.ids);
    },

    /** The database has said what time it is. */
    setClock(at: Instant): void {
      read = { at, monotonic: performance.now(), wall: Date.now() };
    },

    /** The database's clock has jumped since it was read. */
    shiftClock(byMs: number): void {
      if (read !== undefined) read = { ...read, at: read.at + byMs };
    },

    /** The database's clock as it was read last, carried on by one that never jumps; this machine's before that. */
    estimate(): Instant {
      return read === undefined ? Date.now() : read.at + performance.now() - read.monotonic;
    },

    /** Whole milliseconds by the database's clock; undefined where it must be asked. */
    now(): Instant | undefined {
      if (read === undefined) return undefined;
      const passed = performance.now() - read.monotonic;
      const isSteady = Math.abs(Date.now() - read.wall - passed) <= clock.maxDriftMs;
      return isSteady && passed <= clock.maxAgeMs ? Math.floor(read.at + passed) : undefined;
    },
  };
}

/** Leaves the last `max`. */
function trim(all: Map<string, unknown> | Set<string>, max: number): void {
  for (const key of all.keys()) {
    if (all.size <= max) return;
    all.delete(key);
  }
}

export type StreamCache = ReturnType<typeof createStreamCache>;
