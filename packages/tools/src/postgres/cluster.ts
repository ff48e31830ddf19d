import { existsSync } from 'node:fs';
import { ParleyError } from '@parley/contracts';
import { createComponent, type UpOptions } from '../component/component.ts';
import type { ComponentOptions, ComponentPlace } from '../component/place.ts';
import { type EngineName, engineOf, isContainer, nativeOrContainer } from '../container/engine.ts';
import { freePort } from '../ports.ts';
import { type ContainerKept, containerServer } from './container-server.ts';
import { type NativeKept, nativeServer, prepareData } from './native-server.ts';
import { findServer, type ServerBinaries } from './server-binaries.ts';
import { mainPort, type PostgresServer, type ServerSettings } from './server-settings.ts';

export type PostgresOptions = ComponentOptions;

export interface PostgresUpOptions extends UpOptions, ServerSettings {
  /** Without it the cluster keeps its port, or takes a free one. */
  readonly port?: number;
  /** Folder of the server's programs; without it PARLEY_PG_BIN, or `findServer`'s order. */
  readonly binDir?: string;
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

export type PostgresKept = NativeKept | ContainerKept;

export const postgres = createComponent<PostgresKept, PostgresUpOptions, PostgresInfo>({
  name: 'postgres',
  code: 'DATABASE_UNAVAILABLE',
  startTimeoutMs: 60_000,
  async find(at, options, known, say) {
    if (known !== undefined && isContainer<PostgresKept>(known)) return known;
    const named = options.binDir || process.env.PARLEY_PG_BIN;
    const isKept = known !== undefined && !named && existsSync(known.bin);
    const find = () => findServer(at.home, named, say);
    // What is named is meant.
    const server = isKept ? known : named ? await find() : await nativeOrContainer(find, 'postgres', say);
    const wanted = known?.port ?? (at.name === 'main' ? mainPort : 0);
    const port = options.port ?? (await freePort(wanted));
    if (isContainer(server)) return { ...server, port };
    await prepareData(at, server, port, options);
    return { bin: server.bin, source: server.source, version: server.version, port };
  },
  servers: (at, kept, options) => [serverOf(at, kept, options)],
  async info(at, kept) {
    const server = serverOf(at, kept);
    const pid = await server.pid();
    if (pid === undefined) return undefined;
    const { port, version, source } = kept;
    return { url: await server.url(), port, pid, version, source, dataDir: server.dataDir, logFile: server.logFile };
  },
});

/** Stops the server, if it runs, and starts it on the same port with the same settings; recovers after `postgresKill9`. */
export async function postgresRestart(options: PostgresOptions = {}): Promise<PostgresInfo> {
  const known = await postgres.known(options);
  if (known === undefined) throw unavailable('There is no such cluster to restart; use "up".');
  return postgres.hold(options, async (at) => {
    await serverOf(at, known.kept).stop('SIGTERM');
    return postgres.start(at, known.kept);
  });
}

/** A crash: the postmaster and every backend die at once. The page cache lives on, so it is no power cut. */
export async function postgresKill9(options: PostgresOptions = {}): Promise<void> {
  const known = await postgres.known(options);
  const server = known && serverOf(known.at, known.kept);
  if (server === undefined || (await server.pid()) === undefined) {
    throw unavailable('The server is not up, so there is nothing to kill.');
  }
  await server.stop('SIGKILL');
}

function serverOf(at: ComponentPlace, kept: PostgresKept, options: ServerSettings = {}): PostgresServer {
  if (isContainer<PostgresKept>(kept)) return containerServer(engineOf(kept.source), at, kept, options);
  return nativeServer(at, kept);
}

function unavailable(why: string): ParleyError {
  return new ParleyError('DATABASE_UNAVAILABLE', why);
}
