import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openEmbedded } from '@parley/spine';
import { startParley } from './parley-process.ts';

/** The product under test: in one process, or as a cluster. */
export interface Product {
  url(): string;
  /** Kills what holds debates by SIGKILL and has it started again. */
  crash(): Promise<void>;
  /** Stops what would still write, and opens its tables. */
  tables(): Promise<Database>;
  close(): Promise<void>;
}

export type OpenProduct = (env: Readonly<Record<string, string>>) => Promise<Product>;

/** In one process on real files. */
export const inOneProcess: OpenProduct = async (env) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-outage-'));
  let parley = await startParley({ dataDir, env });
  let db: Database | undefined;
  return {
    url: () => parley.url,
    async crash() {
      parley.kill('SIGKILL');
      await parley.exited;
      parley = await startParley({ dataDir, env });
    },
    async tables() {
      parley.kill('SIGTERM');
      await parley.exited;
      db = await openEmbedded({ dataDir });
      return db;
    },
    async close() {
      parley.kill('SIGKILL');
      await db?.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
