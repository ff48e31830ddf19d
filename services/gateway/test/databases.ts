import { randomUUID } from 'node:crypto';
import { type Database, openEmbedded, openPostgres } from '@parley/spine';
import { isDemanded } from '@parley/testkit';

export interface TestDatabase {
  readonly db: Database;
  /** A second way in, which sees what is committed and nothing else. The embedded database has only one connection. */
  readonly other: Database;
  /** Where to connect, for a test that stands in between. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

export interface TestDatabaseKind {
  readonly name: 'PGlite' | 'Postgres';
  open(): Promise<TestDatabase>;
}

const { PARLEY_TEST_DATABASE_URL: serverUrl } = process.env;
if (isDemanded('postgres') && !serverUrl) {
  throw new Error('PARLEY_TEST_COMPONENTS asks for postgres: name a server in PARLEY_TEST_DATABASE_URL.');
}

const embedded: TestDatabaseKind = {
  name: 'PGlite',
  async open() {
    const db = await openEmbedded();
    return { db, other: db, url: undefined, close: () => db.close() };
  },
};

/** A fresh database on the server, dropped at the end. */
function postgres(server: string): TestDatabaseKind {
  return {
    name: 'Postgres',
    async open() {
      const name = `gateway_${randomUUID().replaceAll('-', '')}`;
      const admin = openPostgres({ url: server, poolSize: 1 });
      await admin.query(`create database ${name}`);
      const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
      const db = openPostgres({ url });
      const other = openPostgres({ url, poolSize: 2 });
      return {
        db,
        other,
        url,
        async close() {
          await db.close();
          await other.close();
          await admin.query(`drop database ${name} with (force)`);
          await admin.close();
        },
      };
    },
  };
}

/** What every test file runs over: always the embedded database, and a real one where its server is named. */
export const databases: readonly TestDatabaseKind[] = serverUrl ? [embedded, postgres(serverUrl)] : [embedded];
