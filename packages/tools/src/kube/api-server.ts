import { join } from 'node:path';
import type { Kept, Place } from './cluster-place.ts';
import { keyFile } from './keys.ts';

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
