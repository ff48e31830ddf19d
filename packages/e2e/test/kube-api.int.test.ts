import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { isDemanded, until, whyMissing } from '@parley/testkit';
import { type KubeInfo, kubectl, kubeDown, kubeIsBuilt, kubeLoadImages, kubeStatus, kubeUp } from '@parley/tools';
import { kustomizations, type Manifest, podOf, render } from '../src/kube/manifests.ts';

const name = `test-${process.pid}`;

/** Built in the background by "npm test" where it is demanded, and then waited for. */
async function start(): Promise<KubeInfo> {
  if (kubeIsBuilt('api') || isDemanded('kubernetes')) return kubeUp({ name, form: 'api' });
  throw new ParleyError('KUBERNETES_UNAVAILABLE', 'No Kubernetes is built; "npm run kube -- build --api-only" does.');
}

let cluster: KubeInfo | undefined;
const missing = await whyMissing(
  'kubernetes',
  start().then((up) => (cluster = up)),
);
const folder = mkdtempSync(join(tmpdir(), 'parley-manifests-'));
afterAll(async () => {
  await kubeDown({ name, isPurged: true });
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => kubectl(cluster as KubeInfo, args);
let files = 0;
async function dryRun(manifests: readonly Manifest[]) {
  const file = join(folder, `${++files}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }));
  return run('apply', '--server-side', '--dry-run=server', '--warnings-as-errors', '-f', file);
}

/** A namespace in which a pod must be restricted, and in which a workload of others is warned of. */
async function restricted(namespace: string): Promise<void> {
  const rule = 'pod-security.kubernetes.io';
  if (namespace !== 'default') await run('create', 'namespace', namespace);
  const { code, output } = await run(
    'label',
    '--overwrite',
    'ns',
    namespace,
    `${rule}/enforce=restricted`,
    `${rule}/warn=restricted`,
  );
  if (code !== 0) throw new Error(output);
}

/** Kinds that a controller of its own brings to a cluster: an API server alone does not know them. */
const foreign = new Set([
  ...['external-secrets.io', 'gateway.k8s.aws', 'gateway.networking.k8s.io', 'keda.sh', 'monitoring.coreos.com'],
]);
const isForeign = ({ apiVersion }: Manifest) => foreign.has(apiVersion.split('/')[0] ?? '');

const pod = (spec: object): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'planted', namespace: 'default' },
  spec,
});
const safe = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'it',
      image: 'it',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};

(missing === undefined ? describe : describe.skip)('A real Kubernetes API server', () => {
  test('refuses a planted privileged pod, a planted typing error, and lets the same pod without them in', async () => {
    await restricted('default');
    expect((await dryRun([pod(safe)])).output).toContain('serverside-applied (server dry run)');
    const privileged = { ...safe, containers: [{ name: 'it', image: 'it', securityContext: { privileged: true } }] };
    expect((await dryRun([pod(privileged)])).output).toContain('violates PodSecurity "restricted:latest"');
    expect((await dryRun([pod({ ...safe, restartPolicies: 'Never' })])).output).toContain('restartPolicies');
  }, 300_000);

  test('is started once, keeps what it has over a stop, and is no node', async () => {
    const up = cluster as KubeInfo;
    expect(await kubeUp({ name })).toEqual(up);
    await run('create', 'configmap', 'kept');
    await kubeDown({ name });
    expect(await kubeStatus({ name })).toBeUndefined();
    await expect(kubeUp({ name, form: 'node' })).rejects.toThrow('down --purge');
    expect(await kubeUp({ name })).toMatchObject({ kubeconfig: up.kubeconfig, form: 'api' });
    expect((await run('get', 'configmap', 'kept')).code).toBe(0);
    await expect(kubeLoadImages(['x.tar'], { name })).rejects.toThrow('No node runs here');
  }, 300_000);

  test('is started anew, with what it has, when its store has died', async () => {
    const up = await kubeUp({ name });
    process.kill(up.pid, 'SIGKILL');
    await until('the store is gone', async () => (await kubeStatus({ name })) === undefined);
    // Its port may be another's meanwhile; the kubeconfig says where it is.
    expect(await kubeUp({ name })).toMatchObject({ kubeconfig: up.kubeconfig, form: 'api' });
    expect((await run('get', 'configmap', 'kept')).code).toBe(0);
  }, 300_000);

  test('takes every manifest, and every pod of theirs into a restricted namespace, without a warning', async () => {
    const found = [...kustomizations('.'), ...kustomizations('overlays'), ...kustomizations('platform')];
    let checked = 0;
    for (const kustomization of found) {
      const all = (await render(cluster as KubeInfo, kustomization)).filter((each) => !isForeign(each));
      for (const namespace of new Set(all.map(({ metadata }) => metadata.namespace ?? 'default'))) {
        await restricted(namespace);
      }
      const pods = all.map(podOf).filter((each) => each !== undefined);
      const { code, output } = await dryRun([...all, ...pods]);
      expect(code === 0 ? '' : `${kustomization}: ${output.replaceAll(/.* serverside-applied .*\n/g, '')}`).toBe('');
      checked += pods.length;
    }
    expect(checked).toBeGreaterThan(20);
  }, 300_000);
});
