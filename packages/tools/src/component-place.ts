import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { cacheDir } from './cache-dir.ts';

export interface ComponentOptions {
  /** Which one: several can run at once. Lower-case letters, digits and hyphens. */
  readonly name?: string;
  /** The cache folder; without it `cacheDir` decides. */
  readonly home?: string;
}

/** Where everything of one component is. */
export interface ComponentPlace {
  readonly name: string;
  readonly home: string;
  readonly folder: string;
  readonly kept: string;
  readonly lock: string;
}

/** @throws ParleyError CONFIG_INVALID: a name becomes a folder that `down --purge` removes, so not every name goes. */
export function componentPlace(
  component: 'kafka' | 'kube' | 'ollama' | 'postgres' | 'prometheus',
  { name = 'main', home = cacheDir(process.env) }: ComponentOptions,
): ComponentPlace {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
    throw new ParleyError('CONFIG_INVALID', `The name "${name}" is not 1..40 lower-case letters, digits, hyphens.`);
  }
  // Absolute: a server is started in its own folder.
  const all = resolve(home);
  const folder = join(all, component, name);
  return { name, home: all, folder, kept: join(folder, 'cluster.json'), lock: join(all, component, `${name}.lock`) };
}

/** What is remembered between two starts; undefined for what has never been started. */
export async function readKept<T>({ kept }: ComponentPlace): Promise<T | undefined> {
  return existsSync(kept) ? (JSON.parse(await readFile(kept, 'utf8')) as T) : undefined;
}
