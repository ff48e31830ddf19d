import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { serviceNames } from '@parley/contracts';
import { parse } from 'yaml';
import { k8sFolder } from '../src/manifests/chart.ts';
import { type Container, objectsOf, workloadsOf } from './manifests/objects.ts';
import { faultsOf } from './manifests/settings.ts';

interface Service {
  readonly image: string;
  /** Nothing where a variable of the shell is unset. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
}
const root = fileURLToPath(new URL('../../../', import.meta.url));
/** `${NAME:-default}` as the shell that sets nothing has it. Source: Compose specification, 12 Interpolation. */
const interpolated = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

function servicesOf(file: string): Record<string, Service> {
  const text = interpolated(readFileSync(join(root, 'docker', file), 'utf8'));
  return parse(text, { merge: true }).services;
}
const own = servicesOf('compose.yaml');
const beside = servicesOf('compose.observability.yaml');

test('every container of ours gets the settings that its program reads, and no other', () => {
  const ours = Object.entries(own).filter(([, { image }]) => image.startsWith('parley/'));
  expect(ours.map(([name]) => name).sort()).toEqual([...serviceNames, 'keys', 'migrate', 'topics'].sort());
  const faults = ours.flatMap(([name, { image, environment = {} }]) => {
    const env = Object.entries(environment).map(([key, value]) => ({ name: key, value: value ?? '' }));
    const container: Container = { name, image, env };
    return faultsOf({ name, component: name, labels: {}, pod: { containers: [container] } }, []);
  });
  expect(faults).toEqual([]);
});

test('it is the same images as in Kubernetes, and the same broker', () => {
  const files = ['platform/kafka/kafka.yaml', 'platform/postgres/postgres.yaml'];
  const stack = ['prometheus', 'alertmanager', 'grafana', 'otel-collector', 'jaeger'];
  const paths = [...files, ...stack.map((name) => `observability/stack/${name}.yaml`)];
  const containers = paths.flatMap((path) =>
    workloadsOf(objectsOf(readFileSync(join(k8sFolder, path), 'utf8'))).flatMap(({ pod }) => pod.containers),
  );
  const all: Record<string, Service> = { ...own, ...beside };
  for (const { name, image } of containers) expect({ name, image: all[name]?.image }).toEqual({ name, image });

  const broker = containers.find(({ name }) => name === 'kafka')?.env ?? [];
  const { CLUSTER_ID: _, ...settings } = Object.fromEntries(broker.map(({ name, value }) => [name, value]));
  expect(own.kafka?.environment).toMatchObject(settings);
});

test('Prometheus finds every service', () => {
  const read = (name: string) => parse(readFileSync(join(root, 'docker/observability', name), 'utf8'));
  const [job] = read('prometheus.yaml').scrape_configs;
  expect(job.file_sd_configs).toEqual([{ files: ['services.yaml'] }]);
  expect(read('services.yaml')).toEqual([{ targets: serviceNames.map((name) => `${name}:8080`) }]);
  const mounts = beside.prometheus?.volumes ?? [];
  for (const name of ['prometheus.yaml', 'services.yaml']) {
    expect(mounts).toContain(`./observability/${name}:/etc/prometheus/${name}:ro`);
  }
});

test('every file that is mounted is there', () => {
  const mounts = Object.values({ ...own, ...beside }).flatMap(({ volumes = [] }) => volumes);
  const files = mounts.map((mount) => mount.split(':')[0] ?? '').filter((path) => path.startsWith('.'));
  expect(files.length).toBeGreaterThan(0);
  // Git keeps no empty folders: what is generated may not be there yet.
  const missing = files.filter((path) => !existsSync(normalize(join(root, 'docker', dirname(path)))));
  expect(missing).toEqual([]);
});
