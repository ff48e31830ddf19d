import { join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { passwordVariable, roleOf } from '@parley/cli/operating/migrate.ts';
import { serviceNames } from '@parley/contracts';
import { whyMissing } from '@parley/testkit';
import { buildOverlay, k8sFolder } from '../src/manifests/chart.ts';
import { findHelm } from '../src/manifests/helm-program.ts';
import { chartValues } from './manifests/chart-values.ts';
import { environmentOf, type K8sObject, matches, named, objectsOf, workloadsOf } from './manifests/objects.ts';

jest.setTimeout(120_000);
const finding = findHelm(() => {});
const missing = await whyMissing('helm', finding);
const withKubectl = missing === undefined ? describe : describe.skip;
const build = async (overlay: string) =>
  objectsOf(await buildOverlay(await finding, join(k8sFolder, 'overlays', overlay)));

const ours = (objects: readonly K8sObject[]) =>
  workloadsOf(objects).filter(({ labels }) => labels['app.kubernetes.io/name'] === 'parley');
const connected = (objects: readonly K8sObject[], connection: string) =>
  ours(objects)
    .filter(({ pod }) => pod.containers[0]?.envFrom?.some(({ configMapRef }) => configMapRef.name === connection))
    .map(({ component }) => component);

withKubectl('no overlay names the services, and on minikube', () => {
  let objects: K8sObject[] = [];
  beforeAll(async () => {
    objects = await build('minikube');
  });

  test('a service that scales with what waits has one replica, one with an autoscaler as many as that says', () => {
    const replicas = serviceNames.map((name) => [name, named(objects, 'Deployment', name)?.spec?.replicas]);
    const wanted = Object.entries(chartValues.services).map(([name, { autoscale, scaleOnBacklog, replicas }]) => [
      name,
      autoscale !== undefined ? undefined : scaleOnBacklog !== undefined ? 1 : replicas,
    ]);
    expect(Object.fromEntries(replicas)).toEqual(Object.fromEntries(wanted));
  });

  test('every service logs in with the password that the migration gives its role', () => {
    const env = (of: string) => {
      const container = ours(objects).find(({ component }) => component === of)?.pod.containers[0];
      return environmentOf(container ?? { name: of, image: '' }, objects);
    };
    const given = serviceNames.map((name) => [name, env('migrate').get(passwordVariable(name))]);
    const used = serviceNames.map((name) => {
      const { username, password } = new URL(env(name).get('DATABASE_URL') ?? '');
      expect(username).toBe(roleOf(name));
      return [name, password];
    });
    expect(given).toEqual(used);
    expect(new Set(used.map(([, password]) => password)).size).toBe(serviceNames.length);
  });
});

withKubectl('no overlay names the services, and on EKS', () => {
  let objects: K8sObject[] = [];
  beforeAll(async () => {
    objects = await build('eks');
  });

  test('every image of ours comes from the registry, of which the cluster is told nothing else', () => {
    const images = ours(objects).flatMap(({ pod }) => pod.containers.map(({ image }) => image));
    expect(images).toHaveLength(serviceNames.length + 3);
    for (const image of images) expect(image).toMatch(/^\d+\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/parley\/[a-z]+:\d/);
    expect(named(objects, 'ConfigMap', 'images')).toBeUndefined();
  });

  test('who asks a model, and nobody else, gets out to its server', () => {
    const policy = named(objects, 'NetworkPolicy', 'parley-model')?.spec?.podSelector;
    const selected = ours(objects).filter(({ labels }) => matches(policy, labels));
    expect(selected.map(({ component }) => component)).toEqual(connected(objects, 'parley-model'));
    expect(selected.length).toBeGreaterThan(0);
  });

  test("every Secret that a pod reads is made, with a model's key for those that ask one", () => {
    const keysOf = (name: string) => {
      const spec = named(objects, 'ExternalSecret', name)?.spec as ExternalSecretSpec | undefined;
      return Object.keys(spec?.target.template.data ?? {});
    };
    for (const name of serviceNames) {
      const key = connected(objects, 'parley-model').includes(name) ? ['OPENAI_API_KEY'] : [];
      expect([name, ...keysOf(`parley-${name}`)]).toEqual([name, 'DATABASE_URL', ...key]);
    }
    expect(keysOf('parley-migrate').sort()).toEqual(['DATABASE_URL', ...serviceNames.map(passwordVariable)].sort());
  });
});

interface ExternalSecretSpec {
  readonly target: { readonly template: { readonly data: Readonly<Record<string, string>> } };
}
