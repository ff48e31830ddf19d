import { startDaemon, stopDaemon } from '../daemon.ts';
import { apiServerArgs, etcdArgs } from './api-server.ts';
import { daemonOf, type Kept, type Place } from './cluster-place.ts';
import { unavailable } from './unavailable.ts';

export const loopback = '127.0.0.1';

/** The daemons of a cluster without a node, in the order in which they start. */
export function apiDaemons(at: Place) {
  return [daemonOf(at, 'etcd', `${at.folder}/`), daemonOf(at, 'kube-apiserver', `${at.folder}/`)] as const;
}

export async function startApi(at: Place, kept: Kept, env: NodeJS.ProcessEnv): Promise<void> {
  const [etcd, apiServer] = apiDaemons(at);
  const options = { cwd: at.folder, env };
  // The API server waits for its store by itself. Nobody but this machine reaches it, so it need not be told to others.
  const args = [
    ...apiServerArgs(at, kept, loopback),
    ...['--endpoint-reconciler-type', 'none'],
    // Without a controller manager no namespace gets the account that pods are then refused for.
    ...['--disable-admission-plugins', 'ServiceAccount'],
  ];
  const areStarted =
    (await startDaemon(etcd, 'etcd', etcdArgs(at, kept), options)) &&
    (await startDaemon(apiServer, 'kube-apiserver', args, options));
  if (!areStarted) throw unavailable('etcd or kube-apiserver could not be started.');
}

export async function stopApi(at: Place): Promise<void> {
  for (const daemon of apiDaemons(at).toReversed()) await stopDaemon(daemon, 'SIGKILL');
}
