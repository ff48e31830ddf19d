import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A simple query "commit" as it goes over the wire. Source: PostgreSQL 18 documentation, 54.7 (message formats). */
const commit = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

export interface CuttingProxy {
  /** host:port */
  readonly host: string;
  /** Cuts connections until so many commits have had their answer withheld. */
  cutCommits(count: number): Promise<void>;
  close(): void;
}

/**
 * Between the services and Postgres. It can let a commit through and lose the answer: the client then cannot know
 * whether what it wrote is there.
 */
export async function openCuttingProxy(
  target: { host: string; port: number },
  address = '127.0.0.1',
): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let left = 0;
  let done: (() => void) | undefined;
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      // What breaks on one side ends the other, below.
      socket.on('error', () => {});
    }
    client.on('data', (chunk) => {
      const isCut = left > 0 && chunk.includes(commit);
      upstream.write(chunk);
      if (!isCut) return;
      upstream.unpipe(client);
      client.destroy();
      // The server reads what was sent, commits, and only then finds nobody there.
      upstream.resume().end();
      if (--left === 0) done?.();
    });
    upstream.pipe(client);
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: `${address}:${port}`,
    cutCommits(count) {
      left = count;
      return new Promise((resolve) => {
        done = resolve;
      });
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
