import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type ErrorCode, ParleyError } from '@parley/contracts';
import { commandLine, isRunning, killTree, signal } from '../process-table.ts';
import type { Server } from './server.ts';

const stopTimeoutMs = 30_000;
const pollMs = 50;
/** Some programs never have one, such as the kernel's own. */
const settleTries = 50;

/** A process that outlives the one that starts it. */
export interface Daemon {
  readonly pidFile: string;
  /** Where its output goes; the log of the start before is kept beside it. */
  readonly log: string;
  /** Part of its command line, so that a pid which was given to another program since does not pass for it. */
  readonly mark: string;
}

/** The pid of the daemon; undefined when it does not run. */
export async function daemonPid({ pidFile, mark }: Daemon): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid < 2 || !(await isRunning(pid))) return undefined;
  return (await settledCommandLine(pid)).includes(mark) ? pid : undefined;
}

/** While a process becomes another program, as a script's does, the system shows no command line for a moment. */
async function settledCommandLine(pid: number): Promise<string> {
  for (let left = settleTries; left > 0; left--) {
    const line = await commandLine(pid);
    if (line !== '' || !(await isRunning(pid))) return line;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return '';
}

/** False when the program could not be started at all; whether it then serves is for the caller to see. */
export async function startDaemon(
  { pidFile, log }: Daemon,
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<boolean> {
  if (existsSync(log)) await rename(log, `${log}.before`);
  const output = openSync(log, 'a');
  const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  child.on('error', () => {});
  child.unref();
  if (child.pid === undefined) return false;
  await writeFile(pidFile, String(child.pid));
  return true;
}

/** Ends the daemon, if it runs, and resolves when it is gone: with SIGKILL at once, otherwise after half a minute. */
export async function stopDaemon(daemon: Daemon, how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const pid = await daemonPid(daemon);
  if (pid === undefined) return;
  if (how === 'SIGTERM') signal(pid, how);
  const end = Date.now() + (how === 'SIGTERM' ? stopTimeoutMs : 0);
  while (await isRunning(pid)) {
    if (Date.now() >= end) await killTree(pid);
    else await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  await rm(daemon.pidFile, { force: true });
}

/** What a server that is a daemon runs, and how it is known to answer. */
export interface DaemonServer extends Daemon {
  readonly what: string;
  readonly code: ErrorCode;
  readonly program: string;
  readonly args: readonly string[] | (() => Promise<readonly string[]>);
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to do when the program could not be started. */
  readonly remedy?: string;
  readonly isReady: () => Promise<boolean>;
}

/** A server that is a daemon of this machine. */
export function daemonServer(of: DaemonServer): Server {
  const { what, code, log, program, args, isReady, cwd, env, remedy = '' } = of;
  return {
    what,
    logFile: log,
    pid: () => daemonPid(of),
    async start() {
      if ((await daemonPid(of)) !== undefined) return;
      const all = typeof args === 'function' ? await args() : args;
      const isStarted = await startDaemon(of, program, all, { cwd, ...(env && { env }) });
      if (!isStarted) throw new ParleyError(code, `"${program}" could not be started.${remedy}`);
    },
    isReady,
    stop: (how) => stopDaemon(of, how),
    logTail: () => logTail(log),
  };
}

/** The last lines of a log, for a message; empty when there is none. */
export async function logTail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n');
}
