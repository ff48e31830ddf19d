import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { ParleyError } from '@parley/contracts';

/**
 * Where downloads and throw-away state live. PARLEY_CACHE_DIR names the folder itself; otherwise it is "parley" in the
 * user's cache folder. An empty variable counts as unset. Source: XDG Base Directory Specification 0.8 §3.
 */
export function cacheDir(env: Readonly<Record<string, string | undefined>>): string {
  return env.PARLEY_CACHE_DIR || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley');
}

export interface ComponentOptions {
  /** Which one: several can run at once. Lower-case letters, digits and hyphens. */
  readonly name?: string;
  /** The cache folder; without it `cacheDir` decides. */
  readonly home?: string;
}

/** Where everything of one instance of a component is. */
export interface ComponentPlace {
  readonly name: string;
  readonly home: string;
  readonly folder: string;
  readonly kept: string;
  readonly lock: string;
}

/** @throws ParleyError CONFIG_INVALID: a name becomes a folder that `down --purge` removes, so not every name goes. */
export function componentPlace(
  component: string,
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

/** Remembers it for the next start. */
export async function writeKept(at: ComponentPlace, kept: object): Promise<void> {
  await mkdir(at.folder, { recursive: true });
  await writeFile(at.kept, JSON.stringify(kept));
}
