import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, isRunning, killTree } from '../process-table.ts';

/** The pid of the postmaster that serves this data folder; undefined when none does. */
export async function postmasterOf(dataDir: string): Promise<number | undefined> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  // Line 1 the pid, line 2 the data folder. A pid that was given to another program since, or a zombie that PID 1
  // has not yet reaped, is no server.
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid < 2 || !(await isRunning(pid))) return undefined;
  return (await commandLine(pid)).includes('postgres') ? pid : undefined;
}

/** Kills the postmaster and everything it has forked, without a chance to write. Resolves when all are gone. */
export async function killServer(dataDir: string, pid: number): Promise<void> {
  await killTree(pid);
  // A zombie with this pid would pass for a live server at the next start.
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
}
