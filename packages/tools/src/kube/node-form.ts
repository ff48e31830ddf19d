import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../command.ts';
import { type Daemon, daemonPid, logTail, startDaemon, stopDaemon } from '../component/daemon.ts';
import type { Server } from '../component/server.ts';
import { childrenOf } from '../process-table.ts';
import type { Say } from '../progress.ts';
import { serviceNetwork } from './api-server.ts';
import { nodeAddons } from './node-addons.ts';
import { nodeImages } from './node-needs.ts';
import { hostAddress, kubeconfigOf, nodeAddress, nodeArguments, nodeSettings, podNetwork } from './node-settings.ts';
import { type Kept, type Place, writeKubeconfig } from './place.ts';
import { unavailable } from './program-build.ts';

const script = fileURLToPath(new URL('./node.sh', import.meta.url));
const mounted = ['/var/lib/kubelet', '/var/log/pods', '/tmp/hostpath_pv'];
const cable = 'parley0';
const stepMs = 100;
/** There once the programs of the node that speak to the API server may do so: node.sh waits for it. */
const letIn = ({ folder }: Place): string => join(folder, 'kubeconfigs-written');

/** `unshare`, whose only child is process 1 of the node, and which takes it along. */
function nodeDaemon({ folder, logs }: Place): Daemon {
  return { pidFile: join(folder, 'node.pid'), log: join(logs, 'node.log'), mark: script };
}

/** The one server of a cluster with a node. @param isReady whether the API server answers */
export function nodeServer(at: Place, kept: Kept, env: NodeJS.ProcessEnv, isReady: () => Promise<boolean>): Server {
  const log = join(at.logs, 'kube-apiserver.log');
  const pid = () => daemonPid(nodeDaemon(at));
  return {
    ...{ what: 'The API server', logFile: log, pid, isReady, logTail: () => logTail(log) },
    start: async () => void ((await pid()) === undefined && (await startNode(at, kept, env))),
    stop: () => stopNode(at),
  };
}

/** Starts everything of the node but for what needs an API server that answers. */
async function startNode(at: Place, kept: Kept, env: NodeJS.ProcessEnv): Promise<void> {
  if ((await runCommand('ip', ['link', 'show', cable])).code === 0) {
    throw unavailable(`A node runs on this machine already: it has the network device "${cable}". End that one first.`);
  }
  for (const folder of ['kubelet', 'pod-logs', 'volumes', 'containerd']) {
    await mkdir(join(at.folder, 'state', folder), { recursive: true });
  }
  for (const folder of mounted) await mkdir(folder, { recursive: true });
  await writeAll(join(at.folder, 'settings'), nodeSettings(at));
  const lines = Object.entries(nodeArguments(at, kept)).map(([name, args]) => [name, `${args.join('\n')}\n`] as const);
  await writeAll(join(at.folder, 'arguments'), Object.fromEntries(lines));
  await nodeImages(at);
  await rm(letIn(at), { force: true });
  const apart = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
  const nodeEnv = { ...env, NODE_FOLDER: at.folder, NODE_IP: nodeAddress, HOST_IP: hostAddress };
  await startDaemon(nodeDaemon(at), 'unshare', [...apart, 'bash', script], { cwd: at.folder, env: nodeEnv });
  const init = await initPid(at);
  await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'parley1', 'netns', String(init));
  await ip('addr', 'add', `${hostAddress}/24`, 'dev', cable);
  await ip('link', 'set', cable, 'up');
  for (const network of [podNetwork, serviceNetwork]) await ip('route', 'replace', network, 'via', nodeAddress);
}

/** Lets the rest of the node in, and waits until it runs pods and finds services by their names. */
export async function finishNode(at: Place, url: string, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  if (existsSync(letIn(at))) return;
  for (const user of ['kubelet', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'] as const) {
    await writeKubeconfig(at, url, user, kubeconfigOf(at, user));
  }
  await writeFile(letIn(at), '');
  const addons = join(at.folder, 'settings', 'addons.json');
  await writeFile(addons, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: nodeAddons }));
  const kubectl = (...args: string[]) => runCommand('kubectl', args, { env });
  await eventually('kube-system', () => kubectl('get', 'namespace', 'kube-system'));
  await eventually('the addons', () => kubectl('apply', '-f', addons));
  await eventually('the node', () => kubectl('get', 'node', 'parley'));
  await eventually('the node', () => kubectl('wait', '--for=condition=Ready', 'node/parley', '--timeout=180s'), 1);
  say('The node is ready.');
  await eventually(
    'DNS',
    () => kubectl('-n', 'kube-system', 'rollout', 'status', 'deploy/coredns', '--timeout=180s'),
    1,
  );
}

/** Ends everything of the node, pods too. */
async function stopNode(at: Place): Promise<void> {
  const isRunning = (await daemonPid(nodeDaemon(at))) !== undefined;
  await stopDaemon(nodeDaemon(at), 'SIGKILL');
  if (!isRunning) return;
  await runCommand('ip', ['link', 'del', cable]);
  await removeGroups();
  for (const folder of mounted) await rmdir(folder).catch(() => {});
}

/** Gives the node an image, from an archive as `docker save` writes it. */
export async function importImage(at: Place, env: NodeJS.ProcessEnv, archive: string): Promise<void> {
  const into = ['--target', String(await initPid(at)), '--mount', '--net', '--pid'];
  const ctr = ['ctr', '--namespace', 'k8s.io', 'images', 'import', archive];
  const { code, output } = await runCommand('nsenter', [...into, ...ctr], { env });
  if (code !== 0) throw unavailable(`The node does not take ${archive}: ${output.trim().slice(-500)}`);
}

/** Process 1 of the node, as this machine numbers it. */
async function initPid(at: Place): Promise<number> {
  for (let left = 100; left > 0; left--) {
    const outer = await daemonPid(nodeDaemon(at));
    const [init] = outer === undefined ? [] : await childrenOf(outer);
    if (init !== undefined) return init;
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
  const log = await readFile(nodeDaemon(at).log, 'utf8').catch(() => '');
  throw unavailable(`The node does not run: ${log.trim().slice(-500)}`);
}

async function ip(...args: string[]): Promise<void> {
  const { code, output } = await runCommand('ip', args);
  if (code !== 0) throw unavailable(`"ip ${args.join(' ')}" ended with ${code}: ${output.trim()}`);
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function eventually(
  what: string,
  ask: () => Promise<{ code: number; output: string }>,
  tries = 600,
): Promise<void> {
  for (let left = tries; ; left--) {
    const { code, output } = await ask();
    if (code === 0) return;
    if (left <= 1) throw unavailable(`${what} did not come up: ${output.trim().slice(-1_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 3 * stepMs));
  }
}

/** Control groups outlive their processes; the kernel takes a moment to let them go. */
async function removeGroups(): Promise<void> {
  const root = '/sys/fs/cgroup';
  const all = [root, ...(await readdir(root)).map((name) => join(root, name))].map((each) => join(each, 'parley-kube'));
  for (const group of all.filter(existsSync)) {
    for (let left = 50; left > 0 && existsSync(group); left--) {
      await runCommand('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']);
      await new Promise((resolve) => setTimeout(resolve, stepMs));
    }
  }
}
