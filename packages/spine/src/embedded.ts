import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { copyTemplate, makeTemplate, templateDir } from './cluster-template.ts';
import type { Database } from './database.ts';
import { lockFolder } from './lock.ts';
import { createDatabase, plannerSettings } from './pool.ts';
import { SyncedFS, syncedStart } from './synced-fs.ts';

export interface EmbeddedOptions {
  /** Without a folder the database lives in memory. */
  readonly dataDir?: string;
  onError?(thrown: unknown): void;
}

/**
 * Postgres inside this process (PGlite): one folder, one process, one connection.
 * @throws ParleyError DATA_DIR_IN_USE, DATA_DIR_UNUSABLE
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Database> {
  const { dataDir } = options;
  let unlock = (): void => {};
  if (dataDir !== undefined) {
    mkdirSync(dataDir, { recursive: true });
    unlock = lockFolder(dataDir);
    if (!existsSync(join(dataDir, 'pg', 'PG_VERSION'))) {
      makeTemplate(templateDir());
      copyTemplate(templateDir(), join(dataDir, 'pg'));
    }
  }
  const db = await PGlite.create(
    dataDir === undefined ? {} : { fs: new SyncedFS(join(dataDir, 'pg')), startParams: syncedStart },
  );
  await db.exec(plannerSettings.map((setting) => `set ${setting};`).join(' '));
  const pool = new pg.Pool({ ...createPgConfig(db), max: 1, connectionTimeoutMillis: 30_000 });
  return createDatabase(pool, {
    needsVacuum: true,
    isExclusive: true,
    ...(options.onError === undefined ? {} : { onError: options.onError }),
    async close() {
      await db.close();
      unlock();
    },
  });
}
