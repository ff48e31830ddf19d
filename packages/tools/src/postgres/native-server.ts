import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { logTail } from '../component/daemon.ts';
import type { ComponentPlace } from '../component/place.ts';
import type { ServerBinaries } from './server-binaries.ts';
import { giveToServer, killServer, postmasterOf, runAsServer } from './server-process.ts';
import { type PostgresServer, type ServerSettings, serverSettings } from './server-settings.ts';

const startTimeoutSeconds = '60';
const unavailable = (why: string) => new ParleyError('DATABASE_UNAVAILABLE', why);

/** What is remembered of a cluster between two starts. */
export interface NativeKept extends ServerBinaries {
  readonly port: number;
}

export const dataOf = ({ folder }: ComponentPlace): string => join(folder, 'data');
const passwordOf = (at: ComponentPlace): string => join(dataOf(at), 'parley.password');

/** A cluster whose server is a process of this machine. */
export function nativeServer(at: ComponentPlace, { bin, port }: NativeKept): PostgresServer {
  const data = dataOf(at);
  const log = join(at.folder, 'log');
  const pid = () => postmasterOf(data);

  async function control(action: readonly string[]): Promise<void> {
    const args = ['-D', data, '-s', '-w', '-t', startTimeoutSeconds, ...action];
    const { code } = await runAsServer(join(bin, 'pg_ctl'), args, { cwd: at.folder, isCaptured: false });
    if (code === 0) return;
    const tail = await logTail(log);
    throw unavailable(`pg_ctl ${action.at(-1)} failed with ${code}; the log ${log} ends with:\n${tail}`);
  }

  return {
    what: 'Postgres',
    logFile: log,
    dataDir: data,
    url: async () => `postgres://parley:${await readFile(passwordOf(at), 'utf8')}@127.0.0.1:${port}/postgres`,
    pid,
    // It resolves when the server takes connections.
    start: async () => void ((await pid()) === undefined && (await control(['-l', log, 'start']))),
    isReady: async () => true,
    async stop(how) {
      const known = await pid();
      if (known === undefined) return;
      if (how === 'SIGKILL') await killServer(data, known);
      else await control(['-m', 'fast', 'stop']);
    },
    logTail: () => logTail(log),
  };
}

/**
 * Makes the cluster unless it is there, and writes its settings.
 * @throws ParleyError DATABASE_UNAVAILABLE: initdb fails, or another version made the cluster.
 */
export async function prepareData(
  at: ComponentPlace,
  server: ServerBinaries,
  port: number,
  options: ServerSettings,
): Promise<void> {
  await mkdir(at.folder, { recursive: true });
  await giveToServer(at.folder);
  const data = dataOf(at);
  if (!existsSync(data)) await initialise(at, server, options.isFast ?? false);
  const major = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  if (major !== server.version.split('.')[0]) {
    throw unavailable(
      `Cluster ${at.folder} was made by Postgres ${major}, the server here is ${server.version}. ` +
        'Name the older one in PARLEY_PG_BIN, or throw the cluster away with "down --purge".',
    );
  }
  await writeFile(join(data, 'parley.conf'), serverSettings(port, options));
}

async function initialise(at: ComponentPlace, server: ServerBinaries, isFast: boolean): Promise<void> {
  // Beside, then renamed: a data folder in place is complete, even after a kill in the middle of this.
  const beside = `${dataOf(at)}.new`;
  const password = `${beside}.password`;
  for (const left of [beside, password]) await rm(left, { recursive: true, force: true });
  await writeFile(password, randomBytes(18).toString('base64url'), { mode: 0o600 });
  const access = ['-U', 'parley', '-A', 'scram-sha-256', `--pwfile=${password}`];
  const args = ['-D', beside, ...access, '-E', 'UTF8', '--locale=C', ...(isFast ? ['-N'] : [])];
  const made = await runAsServer(join(server.bin, 'initdb'), args, { cwd: at.folder });
  if (made.code !== 0) throw unavailable(`initdb failed: ${made.output.trim()}`);
  await appendFile(join(beside, 'postgresql.conf'), "\ninclude 'parley.conf'\n");
  await rename(password, join(beside, basename(passwordOf(at))));
  await rename(beside, dataOf(at));
}
