import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ComponentOptions, type ComponentPlace, componentPlace, readKept } from '../component-place.ts';
import { type Daemon, daemonPid, startDaemon, stopDaemon } from '../daemon.ts';
import { forgetLock, withLock } from '../file-lock.ts';
import { logTail } from '../log-tail.ts';
import { claimPort, freePort } from '../ports.ts';
import type { Say } from '../progress.ts';
import { findPrograms, type PrometheusPrograms } from './programs.ts';
import { type Scraping, serverSettings } from './settings.ts';
import { unavailable } from './unavailable.ts';

export type PrometheusOptions = ComponentOptions;

/** Where the server "main" is found unless something else is there; 9090 is left to the user's own. */
const mainPort = 9_091;
const startTimeoutMs = 60_000;
const pollMs = 50;
/** Somebody else may be building it. */
const lockOptions = { code: 'PROMETHEUS_UNAVAILABLE', timeoutMs: 3_600_000 } as const;

export interface PrometheusUpOptions extends PrometheusOptions, Scraping {
  /** Without it the server keeps its port, or takes a free one. */
  readonly port?: number;
  /** Progress, a line at a time. */
  readonly say?: Say;
}

interface Kept extends PrometheusPrograms {
  readonly port: number;
}

/** A server that answers. `url` is what PARLEY_PROMETHEUS_URL wants. */
export interface PrometheusInfo extends PrometheusPrograms {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
}

/**
 * Starts the server, getting its program first when there is none, and resolves when it answers. A running server is
 * left as it is.
 * @throws ParleyError PROMETHEUS_UNAVAILABLE, PORT_IN_USE, CONFIG_INVALID (the name)
 */
export async function prometheusUp(options: PrometheusUpOptions): Promise<PrometheusInfo> {
  const at = componentPlace('prometheus', options);
  const up = async () => {
    const known = await readKept<Kept>(at);
    const isRunning = known !== undefined && (await daemonPid(daemonOf(at))) !== undefined;
    await untilReady(at, isRunning ? known : await start(at, options, known));
  };
  await withLock(at.lock, up, lockOptions);
  return (await prometheusStatus(options)) as PrometheusInfo;
}

/** The running server; undefined when it is down, or does not answer. */
export async function prometheusStatus(options: PrometheusOptions = {}): Promise<PrometheusInfo | undefined> {
  const at = componentPlace('prometheus', options);
  const kept = await readKept<Kept>(at);
  const pid = kept && (await daemonPid(daemonOf(at)));
  if (kept === undefined || pid === undefined || !(await answers(kept))) return undefined;
  return { ...kept, url: urlOf(kept), pid, logFile: daemonOf(at).log };
}

/** Stops the server, if it runs; with `isPurged` its data goes too. What it was fetched from stays. */
export async function prometheusDown(options: PrometheusOptions & { readonly isPurged?: boolean } = {}): Promise<void> {
  const at = componentPlace('prometheus', options);
  const down = async () => {
    const kept = await readKept<Kept>(at);
    if (kept !== undefined) await stopDaemon(daemonOf(at), 'SIGTERM');
    if (options.isPurged) await rm(at.folder, { recursive: true, force: true });
  };
  await withLock(at.lock, down, lockOptions);
  if (options.isPurged) await forgetLock(at.lock);
}

async function start(at: ComponentPlace, options: PrometheusUpOptions, known: Kept | undefined): Promise<Kept> {
  const programs = await findPrograms(at.home, process.env.PARLEY_PROMETHEUS_BIN, options.say ?? (() => {}));
  if (options.port !== undefined) await claimPort(options.port);
  const port = options.port ?? (await freePort(known?.port ?? (at.name === 'main' ? mainPort : 0)));
  const kept: Kept = { ...programs, port };
  await mkdir(at.folder, { recursive: true });
  await writeFile(at.kept, JSON.stringify(kept));
  await writeFile(settingsOf(at), serverSettings(options));
  const args = [
    `--config.file=${settingsOf(at)}`,
    `--storage.tsdb.path=${join(at.folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--enable-feature=exemplar-storage',
  ];
  const isStarted = await startDaemon(daemonOf(at), kept.prometheus, args, { cwd: at.folder });
  if (!isStarted) throw unavailable(`"${kept.prometheus}" could not be started.`);
  return kept;
}

/** Resolves when this very server answers; the port alone would do for a stranger on it. */
async function untilReady(at: ComponentPlace, kept: Kept): Promise<void> {
  const daemon = daemonOf(at);
  const end = Date.now() + startTimeoutMs;
  for (;;) {
    const isAlive = (await daemonPid(daemon)) !== undefined;
    if (isAlive && (await answers(kept))) return;
    if (!isAlive || Date.now() > end) {
      const what = isAlive ? `does not answer after ${startTimeoutMs} ms` : 'has ended';
      throw unavailable(`Prometheus ${what}; its log ${daemon.log} ends with:\n${await logTail(daemon.log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function answers({ port }: Kept): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/-/ready`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => undefined,
  );
  return answer?.ok ?? false;
}

function urlOf({ port }: Kept): string {
  return `http://127.0.0.1:${port}`;
}

function daemonOf(at: ComponentPlace): Daemon {
  return { pidFile: join(at.folder, 'pid'), log: join(at.folder, 'log'), mark: settingsOf(at) };
}

function settingsOf({ folder }: ComponentPlace): string {
  return join(folder, 'prometheus.json');
}
