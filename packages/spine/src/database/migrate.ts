import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isParleyError, ParleyError } from '@parley/contracts';
import { runner } from 'node-pg-migrate';
import type { ClientBase } from 'pg';
import { type Database, quoteSchema } from './database.ts';
import { isDeadlock } from './pg-errors.ts';

/** Deadlocks with traffic after which a migration gives up. */
const mostDeadlocks = 10;

const spineMigrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** What one service keeps: the spine's tables and its own. */
export interface ServiceSchema {
  readonly schema: string;
  /** Folder of the service's own migrations. */
  readonly dir?: string;
  /** Its own tables that are only ever inserted into; the spine's event log is one without being named. */
  readonly appendOnly?: readonly string[];
}

function foldersOf({ dir }: ServiceSchema) {
  const spine = { dir: spineMigrations, migrationsTable: 'spine_migration' };
  return dir === undefined ? [spine] : [spine, { dir, migrationsTable: 'service_migration' }];
}

/**
 * Brings a service's schema to what this build needs: first the spine's tables, then the service's own. Safe when
 * many replicas start at once: they wait for each other (node-pg-migrate's default is to fail).
 */
export async function migrate(db: Database, service: ServiceSchema): Promise<void> {
  quoteSchema(service.schema);
  await db.client(async (client) => {
    for (const folder of foldersOf(service)) {
      const up = () =>
        runner({
          ...folder,
          dbClient: client,
          schema: service.schema,
          migrationsSchema: service.schema,
          createSchema: true,
          direction: 'up',
          advisoryLockMode: 'wait',
          log: () => {},
        });
      await untilNoDeadlock(client, up);
    }
    await client.query('reset search_path');
  });
}

/** A migration that locks what traffic holds, which waits for it, is undone by the server; what was undone is done again. */
async function untilNoDeadlock(client: ClientBase, work: () => Promise<unknown>): Promise<void> {
  for (let left = mostDeadlocks; ; left--) {
    try {
      await work();
      return;
    } catch (thrown) {
      if (left === 0 || !isDeadlock(thrown)) throw thrown;
      // The runner leaves a client that it was given in its transaction, and with its lock.
      await client.query('rollback');
      await client.query('select pg_advisory_unlock_all()');
    }
  }
}

/**
 * Checks, for a process that may not migrate, that the schema has what this build needs. It may have more, so that a
 * new schema can go before the new build.
 * @throws ParleyError SCHEMA_BEHIND
 */
export async function checkMigrated(db: Database, service: ServiceSchema): Promise<void> {
  const s = quoteSchema(service.schema);
  for (const { dir, migrationsTable } of foldersOf(service)) {
    const wanted = readdirSync(dir).map((file) => basename(file, '.sql'));
    const rows = await db.query<{ name: string }>(`select name from ${s}.${migrationsTable}`).catch((thrown) => {
      if (isParleyError(thrown)) throw thrown;
      throw behind(service.schema, wanted, thrown);
    });
    const done = new Set(rows.map((row) => row.name));
    const missing = wanted.filter((name) => !done.has(name));
    if (missing.length > 0) throw behind(service.schema, missing);
  }
}

function behind(schema: string, missing: readonly string[], cause?: unknown): ParleyError {
  const sentence = `Schema "${schema}" lacks ${missing.join(', ')}, or this role may not read it. Run "npm run migrate" or "npx parley migrate".`;
  return new ParleyError('SCHEMA_BEHIND', sentence, { cause });
}
