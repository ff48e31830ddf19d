import { mkdir } from 'node:fs/promises';
import { sep } from 'node:path';
import { type Daemon, daemonPid, startDaemon, stopDaemon } from '../daemon.ts';
import { logTail } from '../log-tail.ts';
import { killTree, processesWith } from '../process-table.ts';
import type { Kept, Place } from './server-place.ts';
import { unavailable } from './unavailable.ts';

const startTimeoutMs = 60_000;
const pollMs = 50;

export function daemonOf({ pidFile, log }: Place, { bin }: Kept): Daemon {
  return { pidFile, log, mark: `${bin} serve` };
}

export function urlOf({ port }: Kept): string {
  return `http://127.0.0.1:${port}`;
}

/** True when something there answers as Ollama does. */
export async function answers(kept: Kept): Promise<boolean> {
  try {
    const answer = await fetch(`${urlOf(kept)}/api/version`, { signal: AbortSignal.timeout(2_000) });
    return typeof ((await answer.json()) as { version?: unknown }).version === 'string';
  } catch {
    return false;
  }
}

/** Starts the server's process without waiting until it answers. Variables of its own, OLLAMA_DEBUG say, are passed on. */
export async function startServer(at: Place, kept: Kept): Promise<void> {
  await mkdir(at.models, { recursive: true });
  await stopRunners(at);
  const env = {
    ...process.env,
    // Its key and its history belong to this server and not to the user.
    HOME: at.folder,
    USERPROFILE: at.folder,
    OLLAMA_HOST: `127.0.0.1:${kept.port}`,
    OLLAMA_MODELS: at.models,
    OLLAMA_NO_CLOUD: '1',
    OLLAMA_NOHISTORY: '1',
  };
  const isStarted = await startDaemon(daemonOf(at, kept), kept.bin, ['serve'], { cwd: at.folder, env });
  if (!isStarted) throw unavailable(`"${kept.bin}" could not be started.`);
}

/** Resolves when this very server answers; the port alone would do for a stranger on it. */
export async function untilReady(at: Place, kept: Kept): Promise<void> {
  const end = Date.now() + startTimeoutMs;
  for (;;) {
    const isAlive = (await daemonPid(daemonOf(at, kept))) !== undefined;
    if (isAlive && (await answers(kept))) return;
    if (!isAlive || Date.now() > end) {
      const what = isAlive ? `does not answer after ${startTimeoutMs} ms` : 'has ended';
      throw unavailable(`Ollama ${what}; its log ${at.log} ends with:\n${await logTail(at.log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Ends the server, if it runs, and its models' processes. */
export async function stopServer(at: Place, kept: Kept): Promise<void> {
  await stopDaemon(daemonOf(at, kept), 'SIGTERM');
  await stopRunners(at);
}

/** A server that was killed leaves behind a process for every model that it had loaded. */
async function stopRunners({ models }: Place): Promise<void> {
  const runners = await processesWith(
    (command) => command.includes(' runner ') && command.includes(` ${models}${sep}`),
  );
  for (const pid of runners) await killTree(pid);
}
