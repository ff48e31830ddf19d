import type { Daemon } from '../daemon.ts';
import type { Say } from '../progress.ts';
import { daemonOf, type Kept, type Place } from './cluster-place.ts';

export const nodeAddress = '10.240.0.2';

export function nodeDaemon(at: Place): Daemon {
  return daemonOf(at, 'node', 'node.sh');
}
export async function startNode(_at: Place, _kept: Kept, _env: NodeJS.ProcessEnv): Promise<void> {}
export async function finishNode(_at: Place, _env: NodeJS.ProcessEnv, _say: Say): Promise<void> {}
export async function stopNode(_at: Place): Promise<void> {}
