import pg from 'pg';
import type { Database } from './database.ts';
import { databaseError, isReadTimeout, storageTrouble, unavailable } from './pg-errors.ts';
import { PostgresClient } from './postgres-client.ts';
import { pipelined, run, stepwise } from './session.ts';
import { createSignals, noSignals } from './signals.ts';

export interface PoolOptions {
  /** Connections take statements before the last one is answered. */
  readonly isPipelined: boolean;
  readonly needsVacuum: boolean;
  readonly isExclusive: boolean;
  readonly dataDir?: string | undefined;
  onError?(thrown: unknown): void;
  /** Awaited before each use of the pool; rejects while there is nothing to connect to. */
  ready?(): Promise<void>;
  /** Opens a connection that is nobody else's, to listen on; without it there are no other processes to hear. */
  listener?(): PostgresClient;
  close?(): Promise<void>;
}

/**
 * Every statement of a service reaches its rows by key. A plan that was made and kept while a table was empty would
 * read the whole table for good, a compiled plan costs more than it runs, and a plan for each set of values costs more
 * than the values could save.
 */
export const plannerSettings = [
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
  'plan_cache_mode=force_generic_plan',
] as const;

/**
 * The connections of a pool that were opened before the server was last found to be the wrong one. They lead to the
 * same server, and each would fail once.
 */
function createFailover() {
  const openedAt = new WeakMap<object, number>();
  let failovers = 0;
  const isBefore = (client: object): boolean => (openedAt.get(client) ?? 0) < failovers;
  return {
    opened(client: object): void {
      openedAt.set(client, failovers);
    },
    isBefore,
    /** @returns whether this is the first sign of the failover. */
    seen(client: object): boolean {
      if (isBefore(client)) return false;
      failovers += 1;
      return true;
    },
  };
}

/** The `Database` over a pg pool. Without values a text may hold several statements and is sent unprepared. */
export function createDatabase(pool: pg.Pool, options: PoolOptions): Database {
  const report = options.onError ?? (() => {});
  // Without these two listeners a server restart ends the process: pg emits 'error' on idle and on checked-out clients.
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
  const failover = createFailover();
  pool.on('connect', failover.opened);
  let last: ReturnType<Database['lastTrouble']>;
  const noted = (thrown: unknown): unknown => {
    const trouble = storageTrouble(thrown);
    if (trouble !== undefined) last = { trouble, atMs: performance.now(), thrown };
    return thrown;
  };

  /** A connection that was opened since the last failover. */
  async function current(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect();
      if (!failover.isBefore(client)) return client;
      client.release(true);
    }
  }

  /** Lends a connection. One that `work` left in doubt is not used again; `undo` is tried before it is. */
  async function lend<T>(work: (client: pg.PoolClient) => Promise<T>, undo?: string): Promise<T> {
    let client: pg.PoolClient;
    try {
      await options.ready?.();
      client = await current();
    } catch (thrown) {
      throw unavailable(noted(thrown));
    }
    let isBroken = false;
    try {
      return await work(client);
    } catch (thrown) {
      isBroken = isReadTimeout(thrown);
      if (undo !== undefined && !isBroken) {
        await client.query(undo).catch(() => {
          isBroken = true;
        });
      }
      throw databaseError(noted(thrown));
    } finally {
      const isToLeave = client instanceof PostgresClient && client.isToLeave;
      if ((isBroken || isToLeave) && failover.seen(client)) signals.renew();
      client.release(isBroken || isToLeave);
    }
  }

  const query = <Row>(text: string, values?: readonly unknown[]) => lend((client) => run<Row>(client, text, values));
  const signals = options.listener === undefined ? noSignals : createSignals(options.listener, query);

  return {
    needsVacuum: options.needsVacuum,
    isExclusive: options.isExclusive,
    dataDir: options.dataDir,
    lastTrouble: () => last,
    signals,
    query,
    transaction: (work, { beforeCommit = () => {} } = {}) =>
      lend((client) => (options.isPipelined ? pipelined : stepwise)(client, work, beforeCommit), 'rollback'),
    client: <T>(work: (client: pg.ClientBase) => Promise<T>) => lend(work, 'rollback'),
    async close() {
      await signals.close();
      await pool.end();
      await options.close?.();
    },
  };
}

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** Silence after which the server counts as gone: a network that swallows packets would hold a tick for 15 min. */
  readonly readTimeoutMs?: number;
  onError?(thrown: unknown): void;
}

/** A real Postgres. Connects lazily: an unreachable server shows in the first query, not here. */
export function openPostgres(options: PostgresOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const pool = new pg.Pool({
    Client: PostgresClient,
    connectionString: options.url,
    max: options.poolSize ?? 5,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: options.readTimeoutMs ?? statementTimeoutMs + 5_000,
    keepAlive: true,
    pipeline: true,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: 30_000,
    options: plannerSettings.map((setting) => `-c ${setting}`).join(' '),
  });
  return createDatabase(pool, {
    isPipelined: true,
    listener: () =>
      new PostgresClient({
        connectionString: options.url,
        keepAlive: true,
        connectionTimeoutMillis: 5_000,
        pipeline: true,
      }),
    needsVacuum: false,
    isExclusive: false,
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
}
