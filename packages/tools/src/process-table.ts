import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { runCommand } from './command.ts';

const hasProc = existsSync('/proc/self/stat');

/** False for a zombie too: PID 1 may reap late. */
export async function isRunning(pid: number): Promise<boolean> {
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

/** The program and its arguments, as far as the system tells; empty when there is no such process. */
export async function commandLine(pid: number): Promise<string> {
  if (hasProc) return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (process.platform !== 'win32') return (await runCommand('ps', ['-o', 'command=', '-p', String(pid)])).output;
  return (await runCommand('tasklist', ['/NH', '/FI', `PID eq ${pid}`])).output;
}

export async function childrenOf(parent: number): Promise<number[]> {
  if (!hasProc) {
    const { output } = await runCommand('pgrep', ['-P', String(parent)]);
    return output.split('\n').filter(Boolean).map(Number);
  }
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, parent: (await statOf(pid))?.parent })));
  return stats.filter((each) => each.parent === parent).map(({ pid }) => pid);
}

/** Sends a signal; false when the process was gone already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    return false;
  }
}

/** Source: proc_pid_stat(5): "pid (comm) state ppid …", where comm may hold spaces and brackets. */
async function statOf(pid: number): Promise<{ state: string; parent: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [state, parent] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { state, parent: Number(parent) };
}
