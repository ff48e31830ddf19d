import type { ClientBase } from 'pg';
import type { StorageTrouble } from './pg-errors.ts';
import type { Signals } from './signals.ts';

/** A connection that answers one statement at a time: a pool, or one transaction. */
export interface Sql {
  /** Values travel as parameters, never in the text. Throws ParleyError DATABASE_UNAVAILABLE (retryable) when the server is away. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One transaction. Statements that were asked for without waiting run in that order, on one trip to the server if it can. */
export interface Transaction extends Sql {
  /** The last statement, sent together with the commit. Resolves when both are done; nothing may follow it. */
  finish<Row>(text: string, values: readonly unknown[]): Promise<Row[]>;
}

export interface TransactionOptions {
  /** Called when every statement was sent and the commit was not. */
  beforeCommit?(): void;
}

/** A Postgres, real or embedded. */
export interface Database extends Sql {
  /**
   * Commits when `work` resolves, rolls back when it throws. Nobody may wait in it for anything but the database:
   * the embedded one has a single connection.
   */
  transaction<T>(work: (sql: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** One connection for a library that speaks pg itself. */
  client<T>(work: (client: ClientBase) => Promise<T>): Promise<T>;
  /** Signals to and from other processes on this database. */
  readonly signals: Signals;
  /** Embedded databases have no background workers: somebody must clean up for them. */
  readonly needsVacuum: boolean;
  /** True when no other process can be connected, so leases of a former process can be taken over at once. */
  readonly isExclusive: boolean;
  /** Folder in which an embedded database keeps its files. */
  readonly dataDir?: string | undefined;
  /** What kept it from writing last, and when by `performance.now()`; undefined when nothing ever did. */
  lastTrouble(): { readonly trouble: StorageTrouble; readonly atMs: number; readonly thrown: unknown } | undefined;
  close(): Promise<void>;
}

/** Checked, because an identifier cannot be a parameter. */
export function quoteSchema(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) {
    throw new TypeError(`"${name}" is no schema name: lower-case letters, digits and _ only`);
  }
  return `"${name}"`;
}
