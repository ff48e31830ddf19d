import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';

const hasProc = existsSync('/proc/self/stat');

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
  if (process.platform === 'win32') {
    await runCommand('taskkill', ['/F', '/T', '/PID', String(pid)]);
  } else {
    // Stopped first, so that it forks nobody between the listing and the killing.
    process.kill(pid, 'SIGSTOP');
    const all = [pid, ...(await childrenOf(pid))];
    for (const each of all) kill(each);
    while ((await Promise.all(all.map(isRunning))).includes(true)) await new Promise((r) => setTimeout(r, 10));
  }
  // A zombie with this pid would pass for a live server at the next start.
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (thrown) {
    // It ended by itself between the listing and now.
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

async function isRunning(pid: number): Promise<boolean> {
  if (hasProc) {
    const stat = await statOf(pid);
    return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X';
  }
  if (process.platform !== 'win32') {
    const state = (await runCommand('ps', ['-o', 'stat=', '-p', String(pid)])).output.trim();
    return state !== '' && !state.startsWith('Z');
  }
  return (await runCommand('tasklist', ['/NH', '/FI', `PID eq ${pid}`])).output.includes(String(pid));
}

async function commandLine(pid: number): Promise<string> {
  if (hasProc) return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (process.platform !== 'win32') return (await runCommand('ps', ['-o', 'command=', '-p', String(pid)])).output;
  return (await runCommand('tasklist', ['/NH', '/FI', `PID eq ${pid}`])).output;
}

async function childrenOf(parent: number): Promise<number[]> {
  if (!hasProc) {
    const { output } = await runCommand('pgrep', ['-P', String(parent)]);
    return output.split('\n').filter(Boolean).map(Number);
  }
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, parent: (await statOf(pid))?.parent })));
  return stats.filter((each) => each.parent === parent).map(({ pid }) => pid);
}

/** Source: proc_pid_stat(5): "pid (comm) state ppid …", where comm may hold spaces and brackets. */
async function statOf(pid: number): Promise<{ state: string; parent: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [state, parent] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { state, parent: Number(parent) };
}
