import { join } from 'node:path';
import { daemonServer } from '../component/daemon.ts';
import type { Server } from '../component/server.ts';
import { type Kept, keyFile, type Place } from './place.ts';

const code = 'KUBERNETES_UNAVAILABLE';
export const serviceNetwork = '10.96.0.0/16';

/** The API server's store. It is thrown away with the cluster, so nothing waits for the disk. */
export function etcdArgs({ folder }: Place, { ports: [, client, peer] }: Kept): string[] {
  const [clients, peers] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    ...['--name', 'parley', '--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
    ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers, '--initial-cluster', `parley=${peers}`],
  ];
}

/** @param address that it listens on and is reached at. */
export function apiServerArgs({ keys }: Place, { ports: [port, etcd] }: Kept, address: string): string[] {
  const key = (name: keyof typeof keyFile) => join(keys, keyFile[name]);
  return [
    ...['--etcd-servers', `http://127.0.0.1:${etcd}`, '--service-cluster-ip-range', serviceNetwork],
    ...['--bind-address', address, '--advertise-address', address, '--secure-port', String(port), '--cert-dir', keys],
    ...['--authorization-mode', 'Node,RBAC', '--token-auth-file', key('tokens'), '--allow-privileged=true'],
    ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
    ...['--service-account-key-file', key('verifying'), '--service-account-signing-key-file', key('signing')],
  ];
}

export const loopback = '127.0.0.1';

/** The servers of a cluster without a node. @param isReady whether the API server answers */
export function apiServers(at: Place, kept: Kept, env: NodeJS.ProcessEnv, isReady: () => Promise<boolean>): Server[] {
  const serverOf = (program: string, args: readonly string[], whether: () => Promise<boolean>) => {
    const server = daemonServer({
      ...{ code, cwd: at.folder, env, program, args, isReady: whether },
      what: program === 'etcd' ? 'etcd' : 'The API server',
      pidFile: join(at.folder, `${program}.pid`),
      log: join(at.logs, `${program}.log`),
      mark: `${at.folder}/`,
    });
    return { ...server, stop: () => server.stop('SIGKILL') };
  };
  // The API server waits for its store by itself. Nobody but this machine reaches it, so it need not be told to others.
  const args = [
    ...apiServerArgs(at, kept, loopback),
    ...['--endpoint-reconciler-type', 'none'],
    // Without a controller manager no namespace gets the account that pods are then refused for.
    ...['--disable-admission-plugins', 'ServiceAccount'],
  ];
  return [serverOf('etcd', etcdArgs(at, kept), async () => true), serverOf('kube-apiserver', args, isReady)];
}
