import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process among those that may run the same service. */
export interface Replica {
  readonly name: string;
  /** Version of the build. */
  readonly version: string;
  /** Time since its consumer's last heartbeat; undefined where it is in no group. */
  heartbeatAgeMs?(): number | undefined;
}

/** A name that is a message's subject together with a service's; the end of a long host's name tells more. */
const maxName = 120;

/** This process. */
export function thisReplica(): Replica {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return { name: `${hostname()}/${process.pid}`.slice(-maxName), version };
}
