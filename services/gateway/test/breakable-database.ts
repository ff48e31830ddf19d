import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { ParleyError } from '@parley/contracts';
import { type Database, openPostgres } from '@parley/spine';
import type { TestDatabase } from './databases.ts';

export interface BreakableDatabase {
  readonly db: Database;
  /** The server is gone: connections end and new ones are refused. */
  breakDown(): Promise<void>;
  repair(): Promise<void>;
  close(): Promise<void>;
}

/** A real server behind a door that can be shut; the embedded one, which cannot go away, plays dead. */
export function breakable({ db, url }: TestDatabase): Promise<BreakableDatabase> {
  return url === undefined ? Promise.resolve(playingDead(db)) : behindDoor(url);
}

function playingDead(real: Database): BreakableDatabase {
  let isDead = false;
  const alive = (): Database => {
    if (isDead) throw new ParleyError('DATABASE_UNAVAILABLE', 'The database plays dead.', { retryable: true });
    return real;
  };
  return {
    db: {
      ...real,
      query: async (text, values) => alive().query(text, values),
      transaction: async (work) => alive().transaction(work),
    },
    async breakDown() {
      isDead = true;
    },
    async repair() {
      isDead = false;
    },
    async close() {},
  };
}

async function behindDoor(url: string): Promise<BreakableDatabase> {
  const target = new URL(url);
  const open = new Set<Socket>();
  const door = createServer((client) => {
    const server = connect(Number(target.port || 5432), target.hostname);
    for (const [socket, peer] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        peer.destroy();
      });
      socket.pipe(peer);
    }
  });
  const listen = async (port: number): Promise<number> => {
    door.listen(port, '127.0.0.1');
    await once(door, 'listening');
    return (door.address() as AddressInfo).port;
  };
  const shut = async (): Promise<void> => {
    const closed = once(door, 'close');
    door.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  const db = openPostgres({ url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href });
  return {
    db,
    breakDown: shut,
    async repair() {
      await listen(port);
    },
    async close() {
      await db.close();
      await shut();
    },
  };
}
