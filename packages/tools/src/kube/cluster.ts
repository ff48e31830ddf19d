import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { type CommandResult, runCommand } from '../command.ts';
import { readKept } from '../component-place.ts';
import { daemonPid } from '../daemon.ts';
import { forgetLock, withLock } from '../file-lock.ts';
import { logTail } from '../log-tail.ts';
import { freePort } from '../ports.ts';
import type { Say } from '../progress.ts';
import { apiDaemons, loopback, startApi, stopApi } from './api-form.ts';
import { type Kept, type KubeForm, type KubeOptions, type Place, placeOf } from './cluster-place.ts';
import { keyFile, makeKeys, writeKubeconfig } from './keys.ts';
import { finishNode, importImage, nodeDaemon, startNode, stopNode } from './node-form.ts';
import { checkNodeNeeds } from './node-needs.ts';
import { hostAddress, nodeAddress } from './node-settings.ts';
import { areBuilt, buildPrograms, programFolders } from './program-build.ts';
import { apiBuilds, kubernetesVersion, nodeBuilds } from './programs.ts';
import { unavailable } from './unavailable.ts';

const readyTimeoutMs = 180_000;
const pollMs = 100;
/** Somebody else may be building it. */
const lockOptions = { code: 'KUBERNETES_UNAVAILABLE', timeoutMs: 3_600_000 } as const;

export interface KubeUpOptions extends KubeOptions {
  /** Without it the cluster keeps its form, or is a node. */
  readonly form?: KubeForm;
  /** Progress, a line at a time. */
  readonly say?: Say;
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

/**
 * Starts the cluster, building its programs first when there are none, and resolves when it answers; a node then also
 * runs pods and answers their DNS. Idempotent: a running cluster is left as it is.
 * @throws ParleyError KUBERNETES_UNAVAILABLE, PORT_IN_USE, CONFIG_INVALID (the name)
 */
export async function kubeUp(options: KubeUpOptions = {}): Promise<KubeInfo> {
  const at = placeOf(options);
  const say = options.say ?? (() => {});
  const known = await readKept<Kept>(at);
  const form = options.form ?? known?.form ?? 'node';
  if (known !== undefined && known.form !== form) {
    throw unavailable(`Cluster ${at.folder} is of the form "${known.form}". Throw it away with "down --purge" first.`);
  }
  if (form === 'node') await checkNodeNeeds();
  await kubeBuild({ ...options, form });
  return withLock(at.lock, async () => (await kubeStatus(options)) ?? (await start(at, form, known, say)), lockOptions);
}

/** Builds the programs of a form, once. */
export async function kubeBuild(options: KubeUpOptions): Promise<void> {
  const { home } = placeOf(options);
  await buildPrograms(
    home,
    options.form === 'api' ? apiBuilds : [...apiBuilds, ...nodeBuilds],
    options.say ?? (() => {}),
  );
}

/** True when `kubeUp` starts it without building anything. */
export function kubeIsBuilt(form: KubeForm, options: KubeOptions = {}): boolean {
  return areBuilt(placeOf(options).home, form === 'api' ? apiBuilds : [...apiBuilds, ...nodeBuilds]);
}

/** The running cluster; undefined when it is down. */
export async function kubeStatus(options: KubeOptions = {}): Promise<KubeInfo | undefined> {
  const at = placeOf(options);
  const kept = await readKept<Kept>(at);
  if (kept === undefined) return undefined;
  const pids = await Promise.all(daemonsOf(at, kept).map(daemonPid));
  const [pid] = pids;
  if (pid === undefined || pids.includes(undefined) || !existsSync(at.kubeconfig)) return undefined;
  const { form } = kept;
  const { kubeconfig, logs } = at;
  return {
    ...{ form, url: urlOf(kept), version: kubernetesVersion, kubeconfig, path: pathOf(at, kept), pid, logs },
    ...(form === 'node' && { hostAddress }),
  };
}

/** Ends the cluster, if it runs, and all that runs on it; with `isPurged` its data go too. The programs stay. */
export async function kubeDown(options: KubeOptions & { readonly isPurged?: boolean } = {}): Promise<void> {
  const at = placeOf(options);
  const down = async () => {
    const kept = await readKept<Kept>(at);
    if (kept?.form === 'api') await stopApi(at);
    if (kept?.form === 'node') await stopNode(at);
    if (options.isPurged) await rm(at.folder, { recursive: true, force: true });
  };
  await withLock(at.lock, down, lockOptions);
  if (options.isPurged) await forgetLock(at.lock);
}

/**
 * Gives a node images, from archives as `docker save` and `npm run images -- --save` write them.
 * @throws ParleyError KUBERNETES_UNAVAILABLE
 */
export async function kubeLoadImages(files: readonly string[], options: KubeOptions = {}): Promise<void> {
  const running = await kubeStatus(options);
  if (running?.form !== 'node') throw unavailable('No node runs here to take images; "npm run kube -- up" starts one.');
  for (const file of files) await importImage(placeOf(options), envOf(running.path, running.kubeconfig), resolve(file));
}

/** Runs kubectl on a cluster as its administrator. Never rejects: how it failed is in the result. */
export function kubectl({ kubeconfig, path }: KubeInfo, args: readonly string[]): Promise<CommandResult> {
  return runCommand('kubectl', args, { env: envOf(path, kubeconfig) });
}

async function start(at: Place, form: KubeForm, known: Kept | undefined, say: Say): Promise<KubeInfo> {
  const ports = form === 'api' ? await freePorts(known) : ([6443, 2379, 2380] as const);
  const kept: Kept = { form, ports };
  await mkdir(at.logs, { recursive: true });
  await makeKeys(at);
  await writeFile(at.kept, JSON.stringify(kept));
  const env = envOf(pathOf(at, kept), at.kubeconfig);
  if (form === 'api') await startApi(at, kept, env);
  else await startNode(at, kept, env);
  await untilReady(at, kept, env);
  if (form === 'node') await finishNode(at, urlOf(kept), env, say);
  const running = await kubeStatus({ name: at.name, home: at.home });
  if (running === undefined) throw unavailable(`The cluster has ended again; its logs are in ${at.logs}.`);
  return running;
}

/** Resolves when the API server says that it serves. */
async function untilReady(at: Place, kept: Kept, env: NodeJS.ProcessEnv): Promise<void> {
  const end = Date.now() + readyTimeoutMs;
  for (;;) {
    if (existsSync(join(at.keys, keyFile.certificate))) {
      await writeKubeconfig(at, urlOf(kept), 'admin', at.kubeconfig);
      if ((await runCommand('kubectl', ['get', '--raw', '/readyz'], { env })).code === 0) return;
    }
    const pids = await Promise.all(daemonsOf(at, kept).map(daemonPid));
    if (pids.includes(undefined) || Date.now() > end) {
      const log = join(at.logs, 'kube-apiserver.log');
      throw unavailable(`The API server does not answer; its log ${log} ends with:\n${await logTail(log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function freePorts(known: Kept | undefined): Promise<Kept['ports']> {
  const [api = 0, etcd = 0, peer = 0] = known?.ports ?? [];
  return [await freePort(api), await freePort(etcd), await freePort(peer)];
}

function daemonsOf(at: Place, { form }: Kept) {
  return form === 'api' ? apiDaemons(at) : [nodeDaemon(at)];
}

function urlOf({ form, ports: [port] }: Kept): string {
  return `https://${form === 'api' ? loopback : nodeAddress}:${port}`;
}

function pathOf(at: Place, { form }: Kept): string {
  return programFolders(at.home, form === 'api' ? apiBuilds : [...apiBuilds, ...nodeBuilds]).join(delimiter);
}

function envOf(path: string, kubeconfig: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${path}${delimiter}${process.env.PATH}`, KUBECONFIG: kubeconfig };
}
