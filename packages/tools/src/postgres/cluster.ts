import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { readKept } from '../component-place.ts';
import { isContainer, nativeOrContainer } from '../container/choice.ts';
import { type EngineName, engineOf } from '../container/engine.ts';
import { forgetLock, withLock } from '../file-lock.ts';
import { logTail } from '../log-tail.ts';
import { freePort } from '../ports.ts';
import { type Kept, type Place, type PostgresOptions, placeOf } from './cluster-place.ts';
import { type ContainerKept, containerServer } from './container-server.ts';
import { giveToServer, runAsServer } from './server-account.ts';
import { findServer, type ServerBinaries } from './server-binaries.ts';
import { killServer, postmasterOf } from './server-process.ts';
import { mainPort, type ServerSettings, serverSettings } from './server-settings.ts';

const startTimeoutSeconds = '60';

type AnyKept = Kept | ContainerKept;
const inContainer = (at: Place, kept: ContainerKept) => containerServer(engineOf(kept.source), at, kept);

export interface PostgresUpOptions extends PostgresOptions, ServerSettings {
  /** Without it the cluster keeps its port, or takes a free one. */
  readonly port?: number;
  /** Folder of the server's programs; without it PARLEY_PG_BIN, or `findServer`'s order. */
  readonly binDir?: string;
  /** Progress, a line at a time. */
  readonly say?: (line: string) => void;
}

/** A running server. `url` holds the password. */
export interface PostgresInfo {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly source: ServerBinaries['source'] | EngineName;
  /** Its folder, or the volume of its container. */
  readonly dataDir: string;
  /** Its file, or the command that shows it. */
  readonly logFile: string;
}

/**
 * Starts the cluster, making it first when there is none, and resolves when it answers. Idempotent: a running server
 * is left as it is.
 * @throws ParleyError DATABASE_UNAVAILABLE, CONFIG_INVALID (the name)
 */
export async function postgresUp(options: PostgresUpOptions = {}): Promise<PostgresInfo> {
  const at = placeOf(options);
  return withLock(at.lock, async () => (await postgresStatus(options)) ?? (await makeAndStart(at, options)));
}

/** The running server; undefined when it is down. */
export async function postgresStatus(options: PostgresOptions = {}): Promise<PostgresInfo | undefined> {
  const at = placeOf(options);
  const kept = await readKept<AnyKept>(at);
  if (kept !== undefined && isContainer<AnyKept>(kept)) {
    const server = inContainer(at, kept);
    const pid = await server.pid();
    if (pid === undefined) return undefined;
    const { port, version, source } = kept;
    return { url: await server.url(), port, pid, version, source, dataDir: server.dataDir, logFile: server.logFile };
  }
  const pid = kept && (await postmasterOf(at.data));
  if (kept === undefined || pid === undefined) return undefined;
  const password = await readFile(at.password, 'utf8');
  const { port, version, source } = kept;
  const url = `postgres://parley:${password}@127.0.0.1:${port}/postgres`;
  return { url, port, pid, version, source, dataDir: at.data, logFile: at.log };
}

/** Stops the server, if it runs; with `isPurged` the cluster and all its data go too. The programs stay. */
export async function postgresDown(options: PostgresOptions & { readonly isPurged?: boolean } = {}): Promise<void> {
  const at = placeOf(options);
  await withLock(at.lock, async () => {
    await stop(at, options);
    const kept = await readKept<AnyKept>(at);
    if (options.isPurged && kept !== undefined && isContainer<AnyKept>(kept)) await inContainer(at, kept).remove();
    if (options.isPurged) await rm(at.folder, { recursive: true, force: true });
  });
  if (options.isPurged) await forgetLock(at.lock);
}

/** Stops the server, if it runs, and starts it on the same port with the same settings; recovers after `postgresKill9`. */
export async function postgresRestart(options: PostgresOptions = {}): Promise<PostgresInfo> {
  const at = placeOf(options);
  if (!existsSync(at.kept)) throw unavailable(`There is no cluster in ${at.folder} to restart; use "up".`);
  return withLock(at.lock, async () => {
    await stop(at, options);
    return startServer(at, options);
  });
}

/** A crash: the postmaster and every backend die at once. The page cache lives on, so it is no power cut. */
export async function postgresKill9(options: PostgresOptions = {}): Promise<void> {
  const running = await postgresStatus(options);
  if (running === undefined) throw unavailable('The server is not up, so there is nothing to kill.');
  const at = placeOf(options);
  const kept = await readKept<AnyKept>(at);
  if (kept !== undefined && isContainer<AnyKept>(kept)) return inContainer(at, kept).stop('kill9');
  await killServer(running.dataDir, running.pid);
}

async function makeAndStart(at: Place, options: PostgresUpOptions): Promise<PostgresInfo> {
  const kept = await readKept<AnyKept>(at);
  if (kept !== undefined && isContainer<AnyKept>(kept)) return startServer(at, options);
  const named = options.binDir || process.env.PARLEY_PG_BIN;
  const say = options.say ?? (() => {});
  const isKept = kept !== undefined && !named && existsSync(kept.bin);
  const find = () => findServer(at.home, named, say);
  // What is named is meant.
  const server = isKept ? kept : named ? await find() : await nativeOrContainer(find, 'postgres', say);
  if (isContainer(server)) {
    const port = options.port ?? (await freePort(at.name === 'main' ? mainPort : 0));
    await mkdir(at.folder, { recursive: true });
    await writeFile(at.kept, JSON.stringify({ ...server, port }));
    return startServer(at, options);
  }
  await mkdir(at.folder, { recursive: true });
  await giveToServer(at.folder);
  if (!existsSync(at.data)) await initialise(at, server, options.isFast ?? false);
  const major = (await readFile(join(at.data, 'PG_VERSION'), 'utf8')).trim();
  if (major !== server.version.split('.')[0]) {
    throw unavailable(
      `Cluster ${at.folder} was made by Postgres ${major}, the server here is ${server.version}. ` +
        'Name the older one in PARLEY_PG_BIN, or throw the cluster away with "down --purge".',
    );
  }
  const port = options.port ?? (await freePort(kept?.port ?? (at.name === 'main' ? mainPort : 0)));
  await writeFile(join(at.data, 'parley.conf'), serverSettings(port, options));
  await writeFile(at.kept, JSON.stringify({ bin: server.bin, source: server.source, version: server.version, port }));
  return startServer(at, options);
}

async function initialise(at: Place, server: ServerBinaries, isFast: boolean): Promise<void> {
  // Beside, then renamed: a data folder in place is complete, even after a kill in the middle of this.
  const beside = `${at.data}.new`;
  const password = `${beside}.password`;
  for (const left of [beside, password]) await rm(left, { recursive: true, force: true });
  await writeFile(password, randomBytes(18).toString('base64url'), { mode: 0o600 });
  const access = ['-U', 'parley', '-A', 'scram-sha-256', `--pwfile=${password}`];
  const args = ['-D', beside, ...access, '-E', 'UTF8', '--locale=C', ...(isFast ? ['-N'] : [])];
  const made = await runAsServer(join(server.bin, 'initdb'), args, { cwd: at.folder });
  if (made.code !== 0) throw unavailable(`initdb failed: ${made.output.trim()}`);
  await appendFile(join(beside, 'postgresql.conf'), "\ninclude 'parley.conf'\n");
  await rename(password, join(beside, basename(at.password)));
  await rename(beside, at.data);
}

/** For what is made already. */
export async function startServer(at: Place, options: PostgresUpOptions): Promise<PostgresInfo> {
  const kept = await readKept<AnyKept>(at);
  if (kept !== undefined && isContainer<AnyKept>(kept)) await inContainer(at, kept).start(options);
  else await control(at, ['-l', at.log, 'start']);
  const running = await postgresStatus(options);
  if (running === undefined) throw unavailable(`The server has gone again; its log is ${at.log}.`);
  return running;
}

async function stop(at: Place, options: PostgresOptions): Promise<void> {
  const kept = await readKept<AnyKept>(at);
  if (kept !== undefined && isContainer<AnyKept>(kept)) return inContainer(at, kept).stop('stop');
  if (await postgresStatus(options)) await control(at, ['-m', 'fast', 'stop']);
}

async function control(at: Place, action: readonly string[]): Promise<void> {
  const kept = await readKept<Kept>(at);
  const args = ['-D', at.data, '-s', '-w', '-t', startTimeoutSeconds, ...action];
  const { code } = await runAsServer(join(kept?.bin ?? '', 'pg_ctl'), args, { cwd: at.folder, isCaptured: false });
  if (code === 0) return;
  const tail = await logTail(at.log);
  throw unavailable(`pg_ctl ${action.at(-1)} failed with ${code}; the log ${at.log} ends with:\n${tail}`);
}

function unavailable(why: string): ParleyError {
  return new ParleyError('DATABASE_UNAVAILABLE', why);
}
