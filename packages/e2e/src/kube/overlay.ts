import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { passwordVariable, roleOf } from '@parley/cli/operating/migrate.ts';
import { type ServiceName, serviceNames } from '@parley/contracts';
import { imageServices } from '@parley/tools';
import { k8s } from './manifests.ts';

export const namespace = 'parley';

export interface OverlayOptions {
  /** Of the images. */
  readonly version: string;
  /** As pods reach them. */
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly passwords: Readonly<Record<ServiceName, string>>;
  readonly modelEnv: Readonly<Record<string, string>>;
}

/** Writes what `kubectl apply -k` takes: the services as the base has them, on servers outside of the cluster. */
export async function writeOverlay(folder: string, options: OverlayOptions): Promise<void> {
  const { version, brokers, databaseUrl, passwords } = options;
  const asRole = (service: ServiceName) =>
    Object.assign(new URL(databaseUrl), { username: roleOf(service), password: passwords[service] }).href;
  const owner = [
    `DATABASE_URL=${databaseUrl}`,
    ...serviceNames.map((service) => `${passwordVariable(service)}=${passwords[service]}`),
  ];
  const fromHere = (name: string) => relative(folder, join(k8s, name));
  // A job cannot be changed: another version's is another job.
  const job = (name: string) => ({
    target: { kind: 'Job', name: `${name}-.*` },
    patch: JSON.stringify([
      { op: 'replace', path: '/metadata/name', value: `${name}-${version.replaceAll('.', '-')}` },
    ]),
  });
  const settings = (name: string, data: Readonly<Record<string, string>>) => ({
    patch: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }),
  });
  // Its own debates are no wish of the clients, and these ask more than a tenant does.
  const own = { PROBE_SECONDS: '0', TENANT_REQUESTS_PER_MINUTE: '1000000', TENANT_STREAMS: '10000' };
  const gateway = {
    name: 'gateway',
    env: Object.entries(own).map(([name, value]) => ({ name: `PARLEY_${name}`, value })),
  };
  const quiet = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gateway' },
    spec: { template: { spec: { containers: [gateway] } } },
  };
  const overlay = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace,
    resources: [fromHere('namespace'), fromHere('base')],
    components: [fromHere('components/rehearsal')],
    images: imageServices.map((name) => ({ name: `parley/${name}`, newTag: version })),
    patches: [
      settings('parley-kafka', { KAFKA_BROKERS: brokers }),
      settings('parley-model', options.modelEnv),
      { patch: JSON.stringify(quiet) },
      job('migrate'),
      job('topics'),
    ],
    secretGenerator: [
      ...serviceNames.map((service) => ({ name: `parley-${service}`, literals: [`DATABASE_URL=${asRole(service)}`] })),
      { name: 'parley-migrate', literals: owner },
    ],
    generatorOptions: { disableNameSuffixHash: true },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(overlay, undefined, 2));
}
