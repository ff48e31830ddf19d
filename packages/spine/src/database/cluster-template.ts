import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ParleyError } from '@parley/contracts';

/** Folder of the prepared cluster: beside the PGlite that made it, named after its version. */
export function templateDir(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const modules = entry.slice(0, entry.lastIndexOf('node_modules') + 'node_modules'.length);
  const { version } = createRequire(import.meta.url)(join(modules, '@electric-sql/pglite/package.json')) as {
    version: string;
  };
  return join(modules, '.cache', 'parley', `cluster-${version}`);
}

/** Makes a cluster: a copy of the template, or where none can be kept, as on a read-only root, a new one. */
export function makeCluster(at: string, template = templateDir(), packed = packedCluster): void {
  if (existsSync(packed)) {
    unpackCluster(packed, at);
    return;
  }
  const kept = keptTemplate(template);
  if (kept === undefined) makeTemplate(at);
  else copyTemplate(kept, at);
}

/** Folder of the template, made the first time; undefined where none can be kept. */
export function keptTemplate(template = templateDir()): string | undefined {
  if (!canKeep(template)) return undefined;
  makeTemplate(template);
  return template;
}

function canKeep(template: string): boolean {
  if (existsSync(join(template, 'PG_VERSION'))) return true;
  try {
    mkdirSync(dirname(template), { recursive: true });
    accessSync(dirname(template), constants.W_OK);
    return true;
  } catch {
    // Why it may not be written makes no difference.
    return false;
  }
}

/**
 * Makes the template once, in a process of its own: initdb needs 1 GB for a moment and a process never gives it back.
 * @throws ParleyError DATA_DIR_UNUSABLE
 */
export function makeTemplate(at: string): void {
  if (existsSync(join(at, 'PG_VERSION'))) return;
  mkdirSync(dirname(at), { recursive: true });
  const script = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? './initdb.ts' : './initdb.js', import.meta.url),
  );
  const building = `${at}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  const made = spawnSync(process.execPath, [script, building], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (made.status !== 0) {
    rmSync(building, { recursive: true, force: true });
    throw new ParleyError('DATA_DIR_UNUSABLE', `Could not make a database in ${building}; the reason is above.`);
  }
  moveInto(building, at);
}

/**
 * Copies the template so that a crash at any moment leaves either no cluster or a whole one. `folders` are made beside
 * those that the template has.
 */
export function copyTemplate(from: string, to: string, folders: readonly string[] = []): void {
  const building = `${to}.new`;
  rmSync(building, { recursive: true, force: true });
  cpSync(from, building, { recursive: true });
  for (const folder of folders) mkdirSync(join(building, folder), { recursive: true });
  moveInto(building, to);
}

/** Folder in which a published package, unlike the repository, carries a cluster, so that a first start makes none. */
const packedCluster = fileURLToPath(new URL('../../packed', import.meta.url));

/** Puts the template into a package's folder: with the names of its empty folders, which npm leaves out. */
export function packCluster(to: string, template = templateDir()): void {
  makeTemplate(template);
  const names = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => relative(template, join(parentPath, name)));
  cpSync(template, join(to, 'cluster'), { recursive: true });
  writeFileSync(join(to, 'folders.json'), JSON.stringify(names.sort()));
}

/** Makes a cluster of what `packCluster` left in a package. */
export function unpackCluster(packed: string, to: string): void {
  const folders = JSON.parse(readFileSync(join(packed, 'folders.json'), 'utf8')) as string[];
  copyTemplate(join(packed, 'cluster'), to, folders);
}

function moveInto(building: string, at: string): void {
  try {
    renameSync(building, at);
  } catch (cause) {
    rmSync(building, { recursive: true, force: true });
    // Another process was faster: its cluster is as good as ours.
    if (existsSync(join(at, 'PG_VERSION'))) return;
    throw new ParleyError('DATA_DIR_UNUSABLE', `Could not move the new database to ${at}.`, { cause });
  }
}
