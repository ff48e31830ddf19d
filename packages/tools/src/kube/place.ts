import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentOptions, ComponentPlace } from '../component/place.ts';

export type KubeOptions = ComponentOptions;

/** "api" validates and admits, and runs nothing; "node" runs pods. */
export type KubeForm = 'api' | 'node';

/** Where everything of one cluster is. */
export interface Place extends ComponentPlace {
  /** For kubectl and clients: the administrator's. */
  readonly kubeconfig: string;
  /** Keys, certificates, tokens. */
  readonly keys: string;
  readonly logs: string;
}

/** What is remembered of a cluster between two starts. */
export interface Kept {
  readonly form: KubeForm;
  /** Of the API server and of etcd's clients and peers. */
  readonly ports: readonly [api: number, etcd: number, peer: number];
}

/** The place of an instance, and what of it only Kubernetes has. */
export function placeOf(at: ComponentPlace): Place {
  const { folder } = at;
  return { ...at, kubeconfig: join(folder, 'kubeconfig'), keys: join(folder, 'keys'), logs: join(folder, 'logs') };
}

/** Who may speak to the API server: name and group of each. Source: Kubernetes, "Using RBAC Authorization". */
const users = {
  admin: ['admin', 'system:masters'],
  kubelet: ['system:node:parley', 'system:nodes'],
  'kube-controller-manager': ['system:kube-controller-manager', ''],
  'kube-scheduler': ['system:kube-scheduler', ''],
  'kube-proxy': ['system:kube-proxy', ''],
} as const;
export type User = keyof typeof users;

/** Files of `keys`. The API server makes its certificate itself; it is its own authority. */
export const keyFile = {
  tokens: 'tokens.csv',
  signing: 'service-account.key',
  verifying: 'service-account.pub',
  certificate: 'apiserver.crt',
} as const;

/** Makes a token for every user, and the keys of service accounts, unless they are there. */
export async function makeKeys({ keys }: Place): Promise<void> {
  if (existsSync(join(keys, keyFile.verifying))) return;
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const lines = Object.values(users).map(
    ([name, group]) => `${randomBytes(24).toString('base64url')},${name},${name},"${group}"\n`,
  );
  const secret = { mode: 0o600 };
  await writeFile(join(keys, keyFile.tokens), lines.join(''), secret);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(join(keys, keyFile.signing), privateKey.export({ type: 'pkcs1', format: 'pem' }), secret);
  await writeFile(join(keys, keyFile.verifying), publicKey.export({ type: 'spki', format: 'pem' }));
}

/** Writes what `user` needs to speak to the API server, which has to have made its certificate. */
export async function writeKubeconfig({ keys }: Place, server: string, user: User, file: string): Promise<void> {
  const tokens = await readFile(join(keys, keyFile.tokens), 'utf8');
  const token = tokens
    .split('\n')
    .find((line) => line.split(',')[1] === users[user][0])
    ?.split(',')[0];
  const ca = (await readFile(join(keys, keyFile.certificate))).toString('base64');
  const name = 'parley';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': ca } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  await writeFile(file, JSON.stringify(config, undefined, 2), { mode: 0o600 });
}
