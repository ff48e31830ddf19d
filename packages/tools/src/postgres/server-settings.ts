import type { Server } from '../component/server.ts';

/** Where the cluster "main" is found unless something else is there. */
export const mainPort = 54320;

/** The server of one cluster. */
export interface PostgresServer extends Server {
  /** Its folder, or the volume of its container. */
  readonly dataDir: string;
  /** With its password. */
  url(): Promise<string>;
}

export interface ServerSettings {
  /** Survives kill -9 but no power cut: no fsync, no full page writes. */
  readonly isFast?: boolean;
  /** Server settings beyond ours, such as `{ wal_level: 'logical' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a server is told that a container makes reachable. */
export function containerSettings({ isFast = false, settings = {} }: ServerSettings): Record<string, string> {
  return {
    max_connections: '200',
    shared_buffers: '128MB',
    ...(isFast ? { fsync: 'off', full_page_writes: 'off' } : {}),
    ...settings,
  };
}

/** The text of a configuration file. Source: PostgreSQL 18 documentation, 19.1.2. */
export function serverSettings(port: number, chosen: ServerSettings): string {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // The path of a socket has room for about 100 characters, and a cache folder may be longer.
    unix_socket_directories: '',
    ...containerSettings(chosen),
  };
  const lines = Object.entries(all).map(([key, value]) => `${key} = '${value.replaceAll("'", "''")}'\n`);
  return lines.join('');
}
