import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { type CommandResult, runCommand } from '../command.ts';
import { createComponent, type UpOptions } from '../component/component.ts';
import { componentPlace } from '../component/place.ts';
import type { Server } from '../component/server.ts';
import { freePort } from '../ports.ts';
import { apiServers, loopback } from './api-server.ts';
import { finishNode, importImage, nodeServer } from './node-form.ts';
import { checkNodeNeeds } from './node-needs.ts';
import { hostAddress, nodeAddress } from './node-settings.ts';
import {
  type Kept,
  type KubeForm,
  type KubeOptions,
  keyFile,
  makeKeys,
  type Place,
  placeOf,
  writeKubeconfig,
} from './place.ts';
import { areBuilt, buildPrograms, programFolders, unavailable } from './program-build.ts';
import { apiBuilds, kubernetesVersion, nodeBuilds } from './programs.ts';

export interface KubeUpOptions extends UpOptions {
  /** Without it the cluster keeps its form, or is a node. */
  readonly form?: KubeForm;
}

/** A cluster that answers. */
export interface KubeInfo {
  readonly form: KubeForm;
  readonly url: string;
  readonly version: string;
  /** The administrator's, as KUBECONFIG wants it. */
  readonly kubeconfig: string;
  /** Where kubectl is. */
  readonly path: string;
  readonly pid: number;
  readonly logs: string;
  /** This machine as a node and its pods reach it, where there is one; they know it as host.minikube.internal. */
  readonly hostAddress?: string;
}

/** One that answers has an API server; a node also runs pods and answers their DNS. */
export const kube = createComponent<Kept, KubeUpOptions, KubeInfo>({
  name: 'kube',
  code: 'KUBERNETES_UNAVAILABLE',
  startTimeoutMs: 180_000,
  lockTimeoutMs: 3_600_000,
  check({ folder }, known, { form }) {
    if (form === undefined || known.form === form) return;
    throw unavailable(`Cluster ${folder} is of the form "${known.form}". Throw it away with "down --purge" first.`);
  },
  async find(place, options, known) {
    const form = options.form ?? known?.form ?? 'node';
    if (form === 'node') await checkNodeNeeds();
    await kubeBuild({ ...options, form });
    const at = placeOf(place);
    // One of two servers may have gone; the other would keep its ports.
    if (known !== undefined) await Promise.all(serversOf(at, known).map((server) => server.stop('SIGKILL')));
    await mkdir(at.logs, { recursive: true });
    await makeKeys(at);
    return { form, ports: form === 'api' ? await freePorts(known) : [6443, 2379, 2380] };
  },
  servers: (place, kept) => serversOf(placeOf(place), kept),
  async finish(place, kept, _options, say) {
    const at = placeOf(place);
    if (kept.form === 'node') await finishNode(at, urlOf(kept), envOf(pathOf(at, kept), at.kubeconfig), say);
  },
  async info(place, kept) {
    const at = placeOf(place);
    const pids = await Promise.all(serversOf(at, kept).map((server) => server.pid()));
    const [pid] = pids;
    if (pid === undefined || pids.includes(undefined) || !existsSync(at.kubeconfig)) return undefined;
    const { form } = kept;
    const { kubeconfig, logs } = at;
    return {
      ...{ form, url: urlOf(kept), version: kubernetesVersion, kubeconfig, path: pathOf(at, kept), pid, logs },
      ...(form === 'node' && { hostAddress }),
    };
  },
});

/** Builds the programs of a form, once. */
export async function kubeBuild(options: KubeUpOptions): Promise<void> {
  const { home } = componentPlace('kube', options);
  await buildPrograms(home, buildsOf(options.form ?? 'node'), options.say ?? (() => {}));
}

/** True when `kubeUp` starts it without building anything. */
export function kubeIsBuilt(form: KubeForm, options: KubeOptions = {}): boolean {
  return areBuilt(componentPlace('kube', options).home, buildsOf(form));
}

/**
 * Gives a node images, from archives as `docker save` and `npm run images -- --save` write them.
 * @throws ParleyError KUBERNETES_UNAVAILABLE
 */
export async function kubeLoadImages(files: readonly string[], options: KubeOptions = {}): Promise<void> {
  const running = await kube.status(options);
  if (running?.form !== 'node') throw unavailable('No node runs here to take images; "npm run kube -- up" starts one.');
  const at = placeOf(componentPlace('kube', options));
  for (const file of files) await importImage(at, envOf(running.path, running.kubeconfig), resolve(file));
}

/** Runs kubectl on a cluster as its administrator. Never rejects: how it failed is in the result. */
export function kubectl({ kubeconfig, path }: KubeInfo, args: readonly string[]): Promise<CommandResult> {
  return runCommand('kubectl', args, { env: envOf(path, kubeconfig) });
}

function serversOf(at: Place, kept: Kept): Server[] {
  const env = envOf(pathOf(at, kept), at.kubeconfig);
  const isReady = async () => {
    // The API server makes its certificate when it starts; without it nobody can ask.
    if (!existsSync(join(at.keys, keyFile.certificate))) return false;
    await writeKubeconfig(at, urlOf(kept), 'admin', at.kubeconfig);
    return (await runCommand('kubectl', ['get', '--raw', '/readyz'], { env })).code === 0;
  };
  return kept.form === 'api' ? apiServers(at, kept, env, isReady) : [nodeServer(at, kept, env, isReady)];
}

async function freePorts(known: Kept | undefined): Promise<Kept['ports']> {
  const [api = 0, etcd = 0, peer = 0] = known?.ports ?? [];
  return [await freePort(api), await freePort(etcd), await freePort(peer)];
}

const buildsOf = (form: KubeForm) => (form === 'api' ? apiBuilds : [...apiBuilds, ...nodeBuilds]);

function urlOf({ form, ports: [port] }: Kept): string {
  return `https://${form === 'api' ? loopback : nodeAddress}:${port}`;
}

const pathOf = (at: Place, { form }: Kept): string => programFolders(at.home, buildsOf(form)).join(delimiter);

function envOf(path: string, kubeconfig: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${path}${delimiter}${process.env.PATH}`, KUBECONFIG: kubeconfig };
}
