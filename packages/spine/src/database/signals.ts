import { randomUUID } from 'node:crypto';
import type { PostgresClient } from './postgres-client.ts';

/**
 * A word to the other processes on the same database: "look, there is something". May be lost, so nothing depends on
 * it but how soon somebody looks.
 */
export interface Signals {
  /** @param text at most 7,000 bytes */
  tell(channel: string, text: string): void;
  /** Hears what other processes tell. Call the result to stop listening. */
  listen(channel: string, listener: (text: string) => void): () => void;
  /** Says that the connection which listens may lead to a server that was replaced: it is opened again. */
  renew(): void;
  close(): Promise<void>;
}

/** Signals of a database that no other process uses. */
export const noSignals: Signals = { tell() {}, listen: () => () => {}, renew() {}, close: async () => {} };

const reconnectMs = 1_000;

/**
 * LISTEN and NOTIFY on a connection of their own, opened when somebody first listens and again when it is lost. A
 * NOTIFY holds a lock of the whole server while its transaction commits, so it never rides in one that writes.
 */
export function createSignals(
  connect: () => PostgresClient,
  run: (text: string, values: unknown[]) => Promise<unknown>,
): Signals {
  const self = randomUUID().slice(0, 8);
  const listeners = new Map<string, Set<(text: string) => void>>();
  let client: PostgresClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function open(): Promise<void> {
    if (isClosed || client !== undefined) return;
    const made = connect();
    client = made;
    made.on('notification', ({ channel, payload = '' }) => {
      if (payload.startsWith(self)) return;
      for (const listener of listeners.get(channel) ?? []) listener(payload.slice(self.length));
    });
    made.on('error', () => lose(made));
    made.on('end', () => lose(made));
    made.onLeave(() => lose(made));
    try {
      await made.connect();
      for (const channel of listeners.keys()) await made.query(`listen ${made.escapeIdentifier(channel)}`);
      // What was told while nobody listened is unknown: everybody looks.
      for (const set of listeners.values()) for (const listener of set) listener('');
    } catch {
      lose(made);
    }
  }

  function lose(lost: PostgresClient): void {
    if (client !== lost) return;
    client = undefined;
    void lost.end().catch(() => {});
    if (!isClosed) timer = setTimeout(() => void open(), reconnectMs).unref();
  }

  return {
    tell(channel, text) {
      if (!isClosed) void run('select pg_notify($1, $2)', [channel, self + text]).catch(() => {});
    },
    listen(channel, listener) {
      const set = listeners.get(channel) ?? new Set();
      if (set.size === 0) {
        listeners.set(channel, set);
        // A connection that is being opened listens to all that is in the map by then.
        client?.query(`listen ${client.escapeIdentifier(channel)}`).catch(() => {});
      }
      set.add(listener);
      void open();
      return () => set.delete(listener);
    },
    renew() {
      if (client !== undefined) lose(client);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const open = client;
      client = undefined;
      await open?.end().catch(() => {});
    },
  };
}
