import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { cacheDir } from '../cache-dir.ts';
import type { BrokerPrograms } from './broker-programs.ts';

export interface KafkaOptions {
  /** Which cluster: several can run at once. Lower-case letters, digits and hyphens. */
  readonly name?: string;
  /** The cache folder; without it `cacheDir` decides. */
  readonly home?: string;
}

/** Where everything of one cluster is. */
export interface Place {
  readonly name: string;
  readonly home: string;
  readonly folder: string;
  readonly kept: string;
  readonly lock: string;
}

/** What is remembered of a cluster between two starts. */
export interface Kept extends BrokerPrograms {
  readonly count: number;
  /** Broker n listens on port + n - 1, its controller on port + n + 9. */
  readonly port: number;
  /** Server settings beyond ours. */
  readonly settings: Readonly<Record<string, string>>;
}

/** @throws ParleyError CONFIG_INVALID: a name becomes a folder that `down --purge` removes, so not every name goes. */
export function placeOf({ name = 'main', home = cacheDir(process.env) }: KafkaOptions): Place {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
    throw new ParleyError('CONFIG_INVALID', `Cluster name "${name}" is not 1..40 lower-case letters, digits, hyphens.`);
  }
  const folder = join(home, 'kafka', name);
  return { name, home, folder, kept: join(folder, 'cluster.json'), lock: join(home, 'kafka', `${name}.lock`) };
}

/** Undefined for a cluster that has never been started. */
export async function readKept({ kept }: Place): Promise<Kept | undefined> {
  return existsSync(kept) ? (JSON.parse(await readFile(kept, 'utf8')) as Kept) : undefined;
}
