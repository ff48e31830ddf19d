import { randomUUID } from 'node:crypto';
import { type Database, openEmbedded, openPostgres } from '../src/index.ts';

export interface TestDatabase {
  readonly db: Database;
  /** Ends every connection to the database from outside. Only a real server can. */
  readonly terminate: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: 'PGlite' | 'Postgres';
  /** A fresh database. */
  open(): Promise<TestDatabase>;
}

export const pglite: DatabaseKind = {
  name: 'PGlite',
  async open() {
    const db = await openEmbedded();
    return { db, terminate: undefined, close: () => db.close() };
  },
};

export function postgres(server: string): DatabaseKind {
  return {
    name: 'Postgres',
    async open() {
      const name = `spine_${randomUUID().replaceAll('-', '')}`;
      const admin = openPostgres({ url: server, poolSize: 1 });
      await admin.query(`create database ${name}`);
      const db = openPostgres({ url: Object.assign(new URL(server), { pathname: `/${name}` }).href, poolSize: 6 });
      return {
        db,
        async terminate() {
          await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
        },
        async close() {
          await db.close();
          await admin.query(`drop database ${name} with (force)`);
          await admin.close();
        },
      };
    },
  };
}

const { PARLEY_TEST_DATABASE_URL } = process.env;

/** The server that tests may make databases on. */
export const serverUrl = PARLEY_TEST_DATABASE_URL || undefined;
