import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { serviceNames } from '@parley/contracts';
import { kafkaEnv, readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import { whyMissing } from '@parley/testkit';
import { buildOverlay, k8sFolder } from '../src/manifests/chart.ts';
import { findHelm } from '../src/manifests/helm-program.ts';
import { chartValues as chart } from './manifests/chart-values.ts';
import { environmentOf, type K8sObject, named, objectsOf, whyBlocked, workloadsOf } from './manifests/objects.ts';
import { faultsOf } from './manifests/settings.ts';

jest.setTimeout(120_000);
const finding = findHelm(() => {});
const missing = await whyMissing('helm', finding);
const withKubectl = missing === undefined ? describe : describe.skip;
const overlays = readdirSync(join(k8sFolder, 'overlays')).sort();
/** Made by hand before the overlay is applied; docs/kubernetes.md says how. */
const foreign = ['rds-ca'];
/** What `kubectl apply` can keep of an object beside it is 262,144 bytes. */
const mostBytes = 250_000;

const build = async (folder: string) => objectsOf(await buildOverlay(await finding, join(k8sFolder, folder)));
const isOwn = (labels: Readonly<Record<string, string>>) => labels['app.kubernetes.io/name'] === 'parley';

withKubectl.each(overlays)('the overlay %s', (overlay) => {
  let objects: K8sObject[] = [];
  beforeAll(async () => {
    objects = await build(`overlays/${overlay}`);
  });

  test('has pods that the strictest pod security admits, with requests and limits', () => {
    expect(named(objects, 'Namespace', 'parley')?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    expect(workloadsOf(objects).length).toBeGreaterThan(0);
    for (const { name, pod, labels } of workloadsOf(objects)) {
      expect({ name, ...pod.securityContext }).toMatchObject({
        name,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { securityContext, resources } of pod.containers) {
        expect({ name, ...securityContext }).toMatchObject({
          name,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          ...(isOwn(labels) ? { readOnlyRootFilesystem: true } : {}),
        });
        expect({ name, resources }).toMatchObject({
          name,
          resources: {
            requests: { cpu: expect.anything(), memory: expect.anything() },
            limits: { memory: expect.anything() },
          },
        });
      }
    }
  });

  test('gives own programs settings that they take', () => {
    const own = workloadsOf(objects).filter(({ component }) => component !== '' && component !== 'embedded');
    expect(own.flatMap((workload) => faultsOf(workload, objects))).toEqual([]);
  });

  test('names no Secret or ConfigMap that is not there', () => {
    const there = new Set(
      objects
        .filter(({ kind }) => ['Secret', 'ExternalSecret', 'ConfigMap'].includes(kind))
        .map(({ metadata }) => metadata.name),
    );
    for (const name of foreign) there.add(name);
    const wanted = workloadsOf(objects).flatMap(({ pod }) => [
      ...(pod.volumes ?? []).flatMap(({ configMap }) => (configMap === undefined ? [] : [configMap.name])),
      ...pod.containers.flatMap(({ env = [], envFrom = [] }) => [
        ...envFrom.map(({ configMapRef }) => configMapRef.name),
        ...env.flatMap(({ valueFrom }) =>
          valueFrom === undefined || valueFrom.secretKeyRef.optional ? [] : [valueFrom.secretKeyRef.name],
        ),
      ]),
    ]);
    expect(wanted.filter((name) => !there.has(name))).toEqual([]);
  });

  test('has no object that is too large for "kubectl apply"', () => {
    const large = objects.filter((object) => JSON.stringify(object).length > mostBytes);
    expect(large.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });
});

withKubectl.each([
  ['minikube', '0.05', '60'],
  ['eks', '0.05', '60'],
  ['minikube-light', undefined, undefined],
])('on %s', (overlay, ratio, seconds) => {
  test(`what is over is looked at again: ${ratio ?? 'not'}; probes: ${seconds ?? 'none'}`, async () => {
    const objects = await build(`overlays/${overlay}`);
    const own = workloadsOf(objects).filter(({ labels }) => isOwn(labels));
    const set = (name: string) =>
      own.flatMap(({ pod }) => pod.containers.map((each) => environmentOf(each, objects).get(name))).find(Boolean);
    expect([set('PARLEY_ACCURACY_SAMPLE_RATIO'), set('PARLEY_PROBE_SECONDS')]).toEqual([ratio, seconds]);
  });
});

/** host:port of every setting that names a server of this cluster. */
function serversOf(env: ReadonlyMap<string, string | undefined>): { host: string; port: number }[] {
  const urls = ['DATABASE_URL', 'OLLAMA_HOST', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'PARLEY_PROMETHEUS_URL'].flatMap(
    (name) => env.get(name) || [],
  );
  const brokers = (env.get('KAFKA_BROKERS') ?? '').split(',').filter((broker) => broker !== '');
  return [...urls, ...brokers.map((broker) => `kafka://${broker}`)].map((url) => {
    const { hostname, port } = new URL(url);
    return { host: hostname, port: Number(port) };
  });
}

withKubectl('on minikube', () => {
  let objects: K8sObject[] = [];
  beforeAll(async () => {
    objects = await build('overlays/minikube');
  });

  test('every server that a service is told of is there, and both policies let it through', () => {
    const blocked: string[] = [];
    let asked = 0;
    for (const workload of workloadsOf(objects).filter(({ labels }) => isOwn(labels))) {
      for (const container of workload.pod.containers) {
        for (const { host, port } of serversOf(environmentOf(container, objects))) {
          asked += 1;
          const why = whyBlocked(workload, host, port, objects);
          if (why !== undefined) blocked.push(why);
        }
      }
    }
    expect(blocked).toEqual([]);
    const connections = [...Object.values(chart.services), ...Object.values(chart.jobs)];
    expect(asked).toBe(connections.flatMap(({ connects }) => connects).length);
  });

  test('and nothing else gets through', () => {
    const of = (name: string) => {
      const found = workloadsOf(objects).find(
        ({ labels }) => labels['app.kubernetes.io/component'] === name || labels['app.kubernetes.io/name'] === name,
      );
      if (found === undefined) throw new Error(`no pod ${name}`);
      return found;
    };
    expect(whyBlocked(of('gateway'), 'ollama', 11434, objects)).toMatch('no policy lets gateway out');
    expect(whyBlocked(of('topics'), 'postgres', 5432, objects)).toMatch('no policy lets topics-');
    expect(whyBlocked(of('debater-a'), 'moderator', 80, objects)).toMatch('no policy lets debater-a out');
    expect(whyBlocked(of('grafana'), 'postgres', 5432, objects)).toMatch('no policy lets grafana in');
    expect(whyBlocked(of('prometheus'), 'debater-a', 80, objects)).toBeUndefined();
  });

  test('Kafka makes no topics by itself and keeps one copy of what it keeps', () => {
    const kafka = workloadsOf(objects).find(({ name }) => name === 'kafka');
    const env = Object.fromEntries(environmentOf(kafka?.pod.containers[0] ?? { name: '', image: '' }, objects));
    expect(env).toMatchObject({
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://kafka:9092',
    });
  });
});

withKubectl('on EKS', () => {
  test('whoever talks to MSK has a role for it, over TLS, and nobody else has one', async () => {
    const objects = await build('overlays/eks');
    const own = workloadsOf(objects).filter(({ labels }) => isOwn(labels));
    const roles = own.map(({ component, pod }) => {
      const account = named(objects, 'ServiceAccount', pod.serviceAccountName ?? '');
      return [component, account?.metadata.annotations?.['eks.amazonaws.com/role-arn']?.split('/')[1]];
    });
    expect(Object.fromEntries(roles)).toEqual({
      ...Object.fromEntries(serviceNames.map((name) => [name, 'parley-kafka'])),
      topics: 'parley-topics',
      migrate: undefined,
      keys: undefined,
    });
    const connections = own.flatMap(({ pod }) => pod.containers.map((each) => environmentOf(each, objects)));
    const kafka = connections.filter((env) => env.has('KAFKA_BROKERS'));
    expect(kafka).toHaveLength(serviceNames.length + 1);
    for (const env of kafka) {
      const connection = kafkaConnection(readEnv(kafkaEnv, Object.fromEntries(env)), 'test');
      expect(connection).toMatchObject({ tls: true, sasl: { mechanism: 'oauthbearer' } });
    }
  });
});

withKubectl.each(readdirSync(join(k8sFolder, 'components')).sort())('the component %s', (component) => {
  // The real path: kustomize follows the relative ones below from there.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'parley-overlay-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('goes with the base', async () => {
    const at = (name: string) => relative(folder, join(k8sFolder, name));
    writeFileSync(
      join(folder, 'kustomization.yaml'),
      `namespace: parley\nresources: [${at('base')}]\ncomponents: [${at(`components/${component}`)}]\n`,
    );
    const made = await buildOverlay(await finding, folder);
    expect(made).not.toBe(await buildOverlay(await finding, join(k8sFolder, 'base')));
    const objects = objectsOf(made);
    expect(workloadsOf(objects).flatMap((workload) => faultsOf(workload, objects))).toEqual([]);
  });
});
