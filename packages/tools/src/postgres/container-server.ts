import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import type { ComponentPlace } from '../component/place.ts';
import { createContainer } from '../container/container.ts';
import type { ContainerServer, Engine } from '../container/engine.ts';
import { containerSettings, type PostgresServer, type ServerSettings } from './server-settings.ts';

const insidePort = 5_432;
const unavailable = (why: string) => new ParleyError('DATABASE_UNAVAILABLE', why);

export interface ContainerKept extends ContainerServer {
  readonly port: number;
}

/** A cluster that a container serves. Its settings stay those of its making. Source: the README of Docker's "postgres". */
export function containerServer(
  engine: Engine,
  at: ComponentPlace,
  { image, port }: ContainerKept,
  settings: ServerSettings = {},
): PostgresServer {
  const name = `parley-postgres-${at.name}`;
  const passwordFile = join(at.folder, 'password');
  const container = createContainer(engine, name, unavailable);
  return {
    what: `The container ${name}`,
    logFile: container.logCommand,
    dataDir: `volume ${name}`,
    pid: container.pid,
    url: async () => `postgres://parley:${await readFile(passwordFile, 'utf8')}@127.0.0.1:${port}/postgres`,
    async start() {
      await mkdir(at.folder, { recursive: true });
      if (!existsSync(passwordFile)) {
        await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
      }
      const password = await readFile(passwordFile, 'utf8');
      await container.start({
        name,
        image,
        port: { outside: port, inside: insidePort },
        volumeAt: '/var/lib/postgresql',
        env: { POSTGRES_USER: 'parley', POSTGRES_DB: 'postgres', POSTGRES_PASSWORD: password },
        args: Object.entries(containerSettings(settings)).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      });
    },
    // By TCP: while the image makes the cluster, a server without it answers on the socket alone.
    isReady: () => container.does('pg_isready', '-q', '-h', '127.0.0.1', '-U', 'parley'),
    /** SIGKILL is a crash; the volume lives on, so it is no power cut. */
    stop: container.stop,
    logTail: container.log,
    remove: container.remove,
  };
}
