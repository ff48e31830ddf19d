import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceName, serviceNames } from '@parley/contracts';
import { type Database, openPostgres } from '@parley/spine';
import {
  buildServiceImages,
  cacheDir,
  type KubeInfo,
  kafkaDown,
  kafkaUp,
  kubectl,
  kubeDown,
  kubeLoadImages,
  kubeUp,
  postgresDown,
  postgresUp,
} from '@parley/tools';
import { openCuttingProxy } from '../cluster/cutting-proxy.ts';
import { namespace, writeOverlay } from './overlay.ts';

export interface KubeWorldOptions {
  /** Of the throw-away node and servers. */
  readonly name: string;
  /** Of the images: the first is deployed, the others are there to come. All are of the code as it is. */
  readonly versions: readonly string[];
  say(line: string): void;
}

/** A node with the services' images, and a Kafka and a Postgres on this machine that its pods reach. */
export interface KubeWorld {
  readonly node: KubeInfo;
  /** The services' database as its owner. */
  readonly db: Database;
  /** The gateway's service, as its pods share it. */
  url(): Promise<string>;
  /** A new API key, from the job that a user runs for the first one. */
  apiKey(): Promise<string>;
  /** kubectl in the services' namespace, to its output. Rejects when it fails. */
  run(...args: string[]): Promise<string>;
  /** Applies a version of everything. Resolves when the API server has it. */
  apply(version: string): Promise<void>;
  /** Resolves when every replica of every service is of what was applied last, and ready. */
  untilRolledOut(): Promise<void>;
  close(): Promise<void>;
}

/** Beyond the ports that Kafka chooses from by itself; there is one node a machine. */
const kafkaPort = 31_060;
const patience = '--timeout=600s';

export async function openKubeWorld({ name, versions, say }: KubeWorldOptions): Promise<KubeWorld> {
  const undo: (() => unknown)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    undo.push(() => kubeDown({ name, isPurged: true }));
    const node = await kubeUp({ name, form: 'node', say });
    const { hostAddress = '' } = node;
    const folder = await mkdtemp(join(tmpdir(), 'parley-kube-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    await loadImages(name, versions, join(folder, 'images'), say);

    undo.push(() => postgresDown({ name, isPurged: true }));
    const postgres = await postgresUp({ name, isFast: true });
    const proxy = await openCuttingProxy({ host: '127.0.0.1', port: postgres.port }, hostAddress);
    undo.push(proxy.close);
    undo.push(() => kafkaDown({ name, isPurged: true }));
    await kafkaUp({ name, port: kafkaPort, settings: listeners(hostAddress) });
    const db = openPostgres({ url: postgres.url, poolSize: 4 });
    undo.push(db.close);

    const passwords = Object.fromEntries(
      serviceNames.map((service) => [service, randomBytes(18).toString('base64url')]),
    ) as Record<ServiceName, string>;
    const databaseHost = proxy.host.replace(hostAddress, 'host.minikube.internal');
    const databaseUrl = Object.assign(new URL(postgres.url), { host: databaseHost }).href;
    const run = async (...args: string[]) => {
      const { code, output } = await kubectl(node, ['--namespace', namespace, ...args]);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${output}`);
      return output;
    };
    return {
      node,
      db,
      run,
      close,
      url: async () => `http://${await run('get', 'service', 'gateway', '--output=jsonpath={.spec.clusterIP}')}`,
      async apiKey() {
        await run('create', 'job', '--from=cronjob/keys', 'first-key');
        await run('wait', '--for=condition=complete', 'job/first-key', patience);
        const lines = (await run('logs', 'job/first-key')).trim().split('\n');
        await run('delete', 'job', 'first-key');
        // Beside a sentence about it: two streams, whose order in a pod's log is anyone's.
        return lines.find((line) => line.startsWith('parley_')) ?? '';
      },
      async apply(version) {
        const at = join(folder, version);
        const brokers = `host.minikube.internal:${kafkaPort + 1}`;
        const modelEnv = { PARLEY_REHEARSAL_LATENCY_MS: '150' };
        await writeOverlay(at, { version, brokers, databaseUrl, passwords, modelEnv });
        await run('apply', '--kustomize', at);
      },
      async untilRolledOut() {
        for (const service of serviceNames) await run('rollout', 'status', `deployment/${service}`, patience);
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function loadImages(
  name: string,
  versions: readonly string[],
  saveTo: string,
  say: (line: string) => void,
): Promise<void> {
  await mkdir(saveTo);
  for (const version of versions) {
    const built = await buildServiceImages({ home: cacheDir(process.env), version, saveTo, say });
    for (const { image, bytes } of built) say(`${image}: ${Math.round(bytes / 1e6)} MB`);
    await kubeLoadImages(
      built.flatMap(({ file }) => file ?? []),
      { name },
    );
  }
  await rm(saveTo, { recursive: true });
}

/** Brokers tell clients where to call them: those on this machine and those in pods are told different addresses. */
function listeners(hostAddress: string): Record<string, string> {
  const both = `PLAINTEXT://127.0.0.1:${kafkaPort},PODS://${hostAddress}:${kafkaPort + 1}`;
  return {
    listeners: `${both},CONTROLLER://127.0.0.1:${kafkaPort + 10}`,
    'advertised.listeners': both,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PODS:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
}
