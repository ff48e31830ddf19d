import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Where the cluster "main" is found unless something else is there. */
export const mainPort = 54320;

export interface ServerSettings {
  /** Survives kill -9 but no power cut: no fsync, no full page writes. */
  readonly isFast?: boolean;
  /** Server settings beyond ours, such as `{ wal_level: 'logical' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The text of a configuration file. Source: PostgreSQL 18 documentation, 19.1.2. */
export function serverSettings(port: number, { isFast = false, settings = {} }: ServerSettings): string {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // The path of a socket has room for about 100 characters, and a cache folder may be longer.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    ...(isFast ? { fsync: 'off', full_page_writes: 'off' } : {}),
    ...settings,
  };
  const lines = Object.entries(all).map(([key, value]) => `${key} = '${value.replaceAll("'", "''")}'\n`);
  return lines.join('');
}

/** The wanted port of loopback if nobody listens there, otherwise one that the system chooses; 0 wants none. */
export async function freePort(wanted: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(wanted, '127.0.0.1');
    await once(probe, 'listening');
  } catch (thrown) {
    if (wanted === 0) throw thrown;
    return freePort(0);
  }
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
