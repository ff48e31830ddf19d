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

/** The program and its arguments, separated by spaces, as far as the system tells; empty when there is no such process. */
export async function commandLine(pid: number): Promise<string> {
  if (hasProc) return readCommandLine(pid);
  if (process.platform !== 'win32') return (await runCommand('ps', ['-o', 'command=', '-p', String(pid)])).output;
  return (await runCommand('tasklist', ['/NH', '/FI', `PID eq ${pid}`])).output;
}

/** Every process whose program and arguments are wanted. */
export async function processesWith(isWanted: (command: string) => boolean): Promise<number[]> {
  if (hasProc) {
    const pids = await allPids();
    const commands = await Promise.all(pids.map(readCommandLine));
    return pids.filter((_, i) => isWanted(commands[i] ?? ''));
  }
  if (process.platform === 'win32') return [];
  const { output } = await runCommand('ps', ['-axwwo', 'pid=,command=']);
  const lines = output.split('\n').map((line) => /^ *(\d+) (.*)$/.exec(line));
  return lines.filter((line) => isWanted(line?.[2] ?? '')).map((line) => Number(line?.[1]));
}

export async function childrenOf(parent: number): Promise<number[]> {
  if (!hasProc) {
    const { output } = await runCommand('pgrep', ['-P', String(parent)]);
    return output.split('\n').filter(Boolean).map(Number);
  }
  const pids = await allPids();
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

/** Kills a process and those that it has started, without a chance to write. Resolves when all are gone. */
export async function killTree(pid: number): Promise<void> {
  if (process.platform === 'win32') {
    await runCommand('taskkill', ['/F', '/T', '/PID', String(pid)]);
    return;
  }
  // Stopped first, so that it forks nobody between the listing and the killing.
  signal(pid, 'SIGSTOP');
  const all = [pid, ...(await childrenOf(pid))];
  for (const each of all) signal(each, 'SIGKILL');
  while ((await Promise.all(all.map(isRunning))).includes(true)) await new Promise((r) => setTimeout(r, 10));
}

async function allPids(): Promise<number[]> {
  return (await readdir('/proc')).map(Number).filter(Number.isInteger);
}

async function readCommandLine(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ');
}

/** Source: proc_pid_stat(5): "pid (comm) state ppid …", where comm may hold spaces and brackets. */
async function statOf(pid: number): Promise<{ state: string; parent: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [state, parent] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined ? undefined : { state, parent: Number(parent) };
}
