import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import pg from 'pg';
import { keptTemplate, makeCluster } from './cluster-template.ts';
import { CopiedFS } from './copied-fs.ts';
import { reasonOf, startTrouble } from './data-folder.ts';
import type { Database } from './database.ts';
import { lockFolder } from './lock.ts';
import { storageTrouble } from './pg-errors.ts';
import { createDatabase, plannerSettings } from './pool.ts';
import { createReopening, type Instance } from './reopening.ts';
import { SyncedFS, syncedStart } from './synced-fs.ts';

export interface EmbeddedOptions {
  /** Folder of its files; without one the database lives in memory. */
  readonly dataDir?: string;
  onError?(thrown: unknown): void;
  /** Makes a file's bytes safe. Tests give one that fails. */
  readonly sync?: (fd: number) => void;
}

/**
 * Postgres inside this process (PGlite): one folder, one process, one connection.
 * @throws ParleyError DATA_DIR_IN_USE, DATA_DIR_UNUSABLE
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Database> {
  const { dataDir } = options;
  let unlock = (): void => {};
  try {
    if (dataDir !== undefined) unlock = prepareFolder(dataDir);
    const cluster = await createReopening(() =>
      dataDir === undefined ? openInMemory() : openFolder(dataDir, options),
    );
    const pool = new pg.Pool({
      Client: cluster.Client,
      user: 'postgres',
      database: 'postgres',
      max: 1,
      connectionTimeoutMillis: 30_000,
    });
    return createDatabase(pool, {
      isPipelined: false,
      needsVacuum: true,
      isExclusive: true,
      dataDir,
      ...(options.onError === undefined ? {} : { onError: options.onError }),
      ready: cluster.ready,
      async close() {
        try {
          await cluster.close();
        } finally {
          unlock();
        }
      },
    });
  } catch (thrown) {
    unlock();
    throw await unusable(dataDir, thrown);
  }
}

/** Locks the folder and sees to it that there is a cluster in it. */
function prepareFolder(dataDir: string): () => void {
  let unlock = (): void => {};
  try {
    mkdirSync(dataDir, { recursive: true });
    unlock = lockFolder(dataDir);
    const cluster = join(dataDir, 'pg');
    if (!existsSync(join(cluster, 'PG_VERSION'))) makeCluster(cluster);
    return unlock;
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}

async function openInMemory(): Promise<Instance> {
  const template = keptTemplate();
  const pglite = await PGlite.create(template === undefined ? {} : { fs: new CopiedFS(template) });
  await pglite.exec(settings);
  return { pglite, hasAborted: () => false, dispose: async () => {} };
}

async function openFolder(dataDir: string, options: EmbeddedOptions): Promise<Instance> {
  let hasAborted = false;
  const fs = new SyncedFS(join(dataDir, 'pg'), {
    onAbort: () => {
      hasAborted = true;
    },
    ...(options.sync === undefined ? {} : { sync: options.sync }),
  });
  /** Closes the host's files. What the aborted program still had in mind does not matter. */
  const dispose = () => fs.closeFs().catch(() => {});
  try {
    const pglite = await PGlite.create({ fs, startParams: syncedStart });
    await pglite.exec(settings);
    return { pglite, hasAborted: () => hasAborted, dispose };
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
}

const settings = plannerSettings.map((setting) => `set ${setting};`).join(' ');

/**
 * Says what is the matter with the folder where that is known: PGlite says that it failed and not why, and copying to a
 * full disk is an "Input/output error" to Node.
 */
async function unusable(dataDir: string | undefined, thrown: unknown): Promise<unknown> {
  if (dataDir === undefined || (isParleyError(thrown) && thrown.code !== 'DATA_DIR_UNUSABLE')) return thrown;
  const trouble = (await startTrouble(dataDir)) ?? storageTrouble(thrown);
  if (trouble === undefined && isParleyError(thrown)) return thrown;
  const why = trouble === undefined ? `${messageOf(thrown)}.` : reasonOf(trouble, dataDir);
  return new ParleyError('DATA_DIR_UNUSABLE', `Cannot open the database in ${dataDir}: ${why}`, { cause: thrown });
}
