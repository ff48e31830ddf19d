import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { isParleyError } from '@parley/contracts';
import type { Env } from '@parley/runtime';
import { readEnv } from '@parley/runtime';
import { isFolderFree } from '@parley/spine';
import { upEnv } from '../config.ts';
import { askHealth } from '../running/gateway-health.ts';
import type { Check } from './finding.ts';

const leastNode = [22, 18] as const;
/** A fresh data directory has 42 MB; Postgres lets its log of changes grow to 1 GB (max_wal_size). */
const leastFreeBytes = 1024 ** 3;
const host = '127.0.0.1';

/** What `parley up` needs of this machine. */
export function machineChecks(env: Env, self: string): Check[] {
  const settings = () => readEnv(upEnv.pick({ PARLEY_DATA_DIR: true, PORT: true }), env);
  const dataDir = () => resolve(settings().PARLEY_DATA_DIR ?? '.parley');
  const port = () => settings().PORT ?? 8080;
  const elsewhere = `${self} up --data-dir FOLDER`;
  return [
    {
      component: 'Node',
      needed: `${leastNode.join('.')} or newer`,
      remedy: 'npm ci',
      async look() {
        const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
        const isNew = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
        return { status: isNew ? 'ok' : 'missing', found: process.versions.node };
      },
    },
    {
      component: 'settings',
      needed: 'an environment that docs/config.md knows',
      remedy: 'less docs/config.md',
      async look() {
        readEnv(upEnv, env);
        return { found: 'can be used' };
      },
    },
    {
      component: 'data directory',
      needed: 'writable, and used by no other process (PARLEY_DATA_DIR)',
      remedy: elsewhere,
      async look() {
        const folder = dataDir();
        const there = existing(folder);
        if (!statSync(there).isDirectory()) throw new Error(`${there} is no folder`);
        accessSync(there, constants.W_OK);
        if (!existsSync(folder)) return { found: `${folder}, which will be made` };
        if (isFolderFree(folder)) return { found: folder };
        const isOurs = await isParley(`http://${host}:${port()}`);
        return isOurs
          ? { found: `${folder}, in use by the Parley on port ${port()}` }
          : { status: 'missing', found: `${folder} is in use by another process` };
      },
    },
    {
      component: 'disk',
      needed: `${gigabytes(leastFreeBytes)} free at the data directory`,
      remedy: elsewhere,
      async look() {
        const { bavail, bsize } = await statfs(existing(dataDir()));
        const free = bavail * bsize;
        return { status: free >= leastFreeBytes ? 'ok' : 'missing', found: `${gigabytes(free)} free` };
      },
    },
    {
      component: 'port',
      needed: 'free, for the gateway (PORT)',
      remedy: `${self} up --port 0`,
      async look() {
        if (await isFree(port())) return { found: `${port()} is free` };
        const isOurs = await isParley(`http://${host}:${port()}`);
        return isOurs
          ? { found: `${port()} is served by a Parley` }
          : { status: 'missing', found: `${port()} is taken by another program` };
      },
    },
  ];
}

/** The folder, or the nearest one above it that is there. */
function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}

const gigabytes = (bytes: number): string => `${Number((bytes / 1024 ** 3).toPrecision(3))} GiB`;

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((answer) => {
    server.once('error', () => answer(false));
    server.listen(port, host, () => server.close(() => answer(true)));
  });
}

async function isParley(url: string): Promise<boolean> {
  try {
    await askHealth(url);
    return true;
  } catch (thrown) {
    if (isParleyError(thrown)) return false;
    throw thrown;
  }
}
