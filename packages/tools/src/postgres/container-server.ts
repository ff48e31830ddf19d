import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import type { ContainerServer } from '../container/choice.ts';
import { createContainer } from '../container/container.ts';
import type { Engine } from '../container/engine.ts';
import type { Place } from './cluster-place.ts';
import { containerSettings, type ServerSettings } from './server-settings.ts';

const startTimeoutMs = 60_000;
const pollMs = 100;
const insidePort = 5_432;
const unavailable = (why: string) => new ParleyError('DATABASE_UNAVAILABLE', why);

export interface ContainerKept extends ContainerServer {
  readonly port: number;
}

/** A cluster that a container serves. Its settings stay those of its making. Source: the README of Docker's "postgres". */
export function containerServer(engine: Engine, at: Place, { image, port }: ContainerKept) {
  const name = `parley-postgres-${at.name}`;
  const passwordFile = join(at.folder, 'password');
  const container = createContainer(engine, name, unavailable);

  async function untilReady(): Promise<void> {
    const end = Date.now() + startTimeoutMs;
    // By TCP: while the image makes the cluster, a server without it answers on the socket alone.
    while (!(await container.does('pg_isready', '-q', '-h', '127.0.0.1', '-U', 'parley'))) {
      if ((await container.pid()) === undefined || Date.now() > end) {
        throw unavailable(
          `The container ${name} does not serve; ${container.logCommand} ends with:\n${await container.log()}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  return {
    logFile: container.logCommand,
    dataDir: `volume ${name}`,
    pid: container.pid,
    async url(): Promise<string> {
      return `postgres://parley:${await readFile(passwordFile, 'utf8')}@127.0.0.1:${port}/postgres`;
    },
    async start(settings: ServerSettings): Promise<void> {
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
      await untilReady();
    },
    /** "kill9" is a crash; the volume lives on, so it is no power cut. */
    stop: (how: 'stop' | 'kill9'): Promise<void> => container.stop(how === 'stop' ? 'SIGTERM' : 'SIGKILL'),
    remove: container.remove,
  };
}
