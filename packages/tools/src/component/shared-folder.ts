import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ErrorCode, ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { type Say, sayWhile } from '../progress.ts';
import { withLock } from './file-lock.ts';

const makeTimeoutMs = 3_600_000;

/** A folder of the cache that is downloaded or built once, for every instance. */
export interface SharedFolder {
  readonly folder: string;
  /** A file that nobody else holds meanwhile. */
  readonly lock: string;
  readonly code: ErrorCode;
  /** Said before the work, such as "Building Ollama into …, once; that takes minutes …". */
  readonly announcement: string;
  /** What goes on meanwhile, such as "building". */
  readonly doing: string;
  readonly say: Say;
}

/**
 * Makes the folder unless it is there. The work goes on beside it and is renamed at its end, so that a folder in place
 * is complete, whoever dies meanwhile.
 * @param make gets an empty folder, and resolves to what of it becomes the shared one
 */
export async function makeOnce(shared: SharedFolder, make: (beside: string) => Promise<string>): Promise<void> {
  const { folder, lock, code, announcement, doing, say } = shared;
  if (existsSync(folder)) return;
  const work = async () => {
    if (existsSync(folder)) return;
    say(announcement);
    const beside = `${folder}.new`;
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside, { recursive: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(await sayWhile(say, doing, () => make(beside)), folder);
    await rm(beside, { recursive: true, force: true });
  };
  await withLock(lock, work, { code, timeoutMs: makeTimeoutMs });
}

/** For npm in another folder: without what a surrounding `npm run` says about its own workspace. */
export function npmEnv(): NodeJS.ProcessEnv {
  const own = /^npm_config_(workspaces?|include_workspace_root|local_prefix|global|dry_run)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !own.test(key)));
}

/** Puts an npm package, without running any script of it, below a folder's node_modules. */
export async function installPackage(spec: string, folder: string, code: ErrorCode): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', '.', spec];
  const made = await runCommand(npm, args, { cwd: folder, env: npmEnv() });
  if (made.code !== 0) throw new ParleyError(code, `npm could not install ${spec}: ${made.output.trim()}.`);
}
