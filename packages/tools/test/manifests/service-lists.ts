import { passwordVariable } from '@parley/cli/operating/migrate.ts';
import { modules } from '@parley/cli/services.ts';
import { serviceNames } from '@parley/contracts';
import { imageServices } from '../../src/images/service-images.ts';

/** A parsed document, of which nothing is known: what is not there is undefined. */
// biome-ignore lint/suspicious/noExplicitAny: every place checks what it reads by what it finds.
export type Document = any;

/** A place where every service stands, in a file that cannot import the list of them. */
export interface ServiceList {
  readonly file: string;
  /** Where in the file, for who has to add an entry. */
  readonly at: string;
  readonly wanted: readonly string[];
  /** The names that stand there. */
  read(documents: readonly Document[]): readonly (string | undefined)[];
  /** What to add for one that is missing. */
  entry(name: string): string;
}

const values = (value: Document): Document[] => Object.values(value ?? {});
const keys = (value: Document): string[] => Object.keys(value ?? {});
const passwords = (names: readonly string[]) => names.filter((name) => name.startsWith('PARLEY_PASSWORD_'));
/** The services of "parley-gateway" and its like; the jobs' are left out. */
const bySecret = (names: readonly string[]) =>
  names.map((name) => /^parley-(?!migrate$|topics$|vpc$|model$)(.+)$/.exec(name)?.[1]);
const named = (documents: readonly Document[], kind: string, name: string): Document =>
  documents.find((each) => each?.kind === kind && each.metadata.name === name);
const secret = (name: string) => `a Secret parley-${name} with its DATABASE_URL`;

const servicePasswords = serviceNames.map(passwordVariable);
const images = modules.map(({ image }) => image);
const imageOf = (reference: string | undefined) => /^parley\/([a-z-]+)/.exec(reference ?? '')?.[1];
const isService = ({ image }: Document) => ![undefined, 'cli'].includes(imageOf(image));

/** The words of `for service in a b; do` in a step. */
const loopOf = (steps: readonly Document[], step: string): string[] =>
  steps
    .filter(({ name }) => name === step)
    .flatMap(({ run }) => /^for service in (.*); do$/m.exec(run)?.[1]?.split(' ') ?? []);

/** @param chart the chart's values, which say what a service connects to and how it scales */
export function serviceLists(chart: Document): readonly ServiceList[] {
  const having = (test: (service: Document) => boolean) =>
    serviceNames.filter((name) => chart.services[name] !== undefined && test(chart.services[name]));
  const compose = 'docker/compose.yaml';
  const minikube = 'k8s/overlays/minikube/kustomization.yaml';
  const eks = 'k8s/overlays/eks';
  return [
    {
      file: 'charts/parley/values.yaml',
      at: 'services',
      wanted: serviceNames,
      read: ([document]) => keys(document.services),
      entry: (name) => `${name}: {image, replicas, connects, secret}`,
    },
    {
      file: 'charts/parley/values.yaml',
      at: 'the images of services',
      wanted: images,
      read: ([document]) => values(document.services).map(({ image }) => image),
      entry: (image) => `image: ${image}`,
    },
    {
      file: 'charts/parley/values.yaml',
      at: 'jobs.migrate.secret.keys',
      wanted: servicePasswords,
      read: ([document]) => passwords(document.jobs.migrate.secret.keys),
      entry: (name) => name,
    },
    {
      file: compose,
      at: 'services',
      wanted: serviceNames,
      read: ([document]) => keys(document.services).filter((name) => isService(document.services[name])),
      entry: (name) => `${name}: {<<: *service, image, environment: {OTEL_SERVICE_NAME: ${name}, DATABASE_URL}}`,
    },
    {
      file: compose,
      at: 'the OTEL_SERVICE_NAME of services',
      wanted: serviceNames,
      read: ([document]) => values(document.services).map(({ environment }) => environment?.OTEL_SERVICE_NAME),
      entry: (name) => `OTEL_SERVICE_NAME: ${name}`,
    },
    {
      file: compose,
      at: 'the images that are built',
      wanted: imageServices,
      read: ([document]) => values(document.services).map(({ build }) => build?.args?.SERVICE),
      entry: (image) => `build: {context: .., dockerfile: docker/service.Dockerfile, args: {SERVICE: ${image}}}`,
    },
    {
      file: compose,
      at: 'services.migrate.environment',
      wanted: servicePasswords,
      read: ([document]) => passwords(keys(document.services.migrate.environment)),
      entry: (name) => `${name}: PASSWORD`,
    },
    {
      file: 'docker/observability/prometheus.yaml',
      at: 'scrape_configs, job parley, targets',
      wanted: serviceNames,
      read: ([document]) =>
        document.scrape_configs
          .filter((config: Document) => config.job_name === 'parley')
          .flatMap((config: Document) => config.static_configs)
          .flatMap((config: Document) => config.targets)
          .map((target: string) => target.split(':')[0]),
      entry: (name) => `${name}:8080`,
    },
    {
      file: minikube,
      at: 'secretGenerator',
      wanted: serviceNames,
      read: ([document]) => bySecret(document.secretGenerator.map(({ name }: Document) => name)),
      entry: secret,
    },
    {
      file: minikube,
      at: 'secretGenerator, parley-migrate',
      wanted: servicePasswords,
      read: ([document]) =>
        passwords(
          document.secretGenerator
            .filter(({ name }: Document) => name === 'parley-migrate')
            .flatMap(({ literals }: Document) => literals)
            .map((literal: string) => literal.split('=')[0]),
        ),
      entry: (name) => `${name}=PASSWORD`,
    },
    {
      file: minikube,
      at: 'the patch of deployments to one replica',
      wanted: having(({ scaleOnBacklog }) => scaleOnBacklog !== undefined),
      read: ([document]) =>
        document.patches
          .filter(({ target, patch }: Document) => target?.kind === 'Deployment' && patch.includes('replicas: 1'))
          .flatMap(({ target }: Document) => target.name.split('|')),
      entry: (name) => `|${name} in the name of its target`,
    },
    {
      file: `${eks}/kustomization.yaml`,
      at: 'images',
      wanted: imageServices,
      read: ([document]) => document.images.map(({ name }: Document) => imageOf(name)),
      entry: (image) => `{name: parley/${image}, newName: REGISTRY/parley/${image}}`,
    },
    {
      file: `${eks}/kustomization.yaml`,
      at: 'the patch of service accounts with the role parley-kafka',
      wanted: serviceNames,
      read: ([document]) =>
        document.patches
          .filter(({ target, patch }: Document) => target?.kind === 'ServiceAccount' && /parley-kafka/.test(patch))
          .flatMap(({ target }: Document) => target.name.replaceAll(/[$^()]/g, '').split('|')),
      entry: (name) => `|${name} in the name of its target`,
    },
    {
      file: `${eks}/network.yaml`,
      at: 'NetworkPolicy parley-model, podSelector',
      wanted: having(({ connects }) => connects.includes('model')),
      read: (documents) =>
        named(documents, 'NetworkPolicy', 'parley-model').spec.podSelector.matchExpressions.flatMap(
          (expression: Document) => expression.values,
        ),
      entry: (name) => `${name} among the values of app.kubernetes.io/component`,
    },
    {
      file: `${eks}/secrets.yaml`,
      at: 'ExternalSecrets',
      wanted: serviceNames,
      read: (documents) =>
        bySecret(documents.filter(({ kind }) => kind === 'ExternalSecret').map(({ metadata }) => metadata.name)),
      entry: secret,
    },
    {
      file: `${eks}/secrets.yaml`,
      at: 'ExternalSecret parley-migrate, target',
      wanted: servicePasswords,
      read: (documents) =>
        passwords(keys(named(documents, 'ExternalSecret', 'parley-migrate').spec.target.template.data)),
      entry: (name) => `${name} in the template`,
    },
    {
      file: `${eks}/secrets.yaml`,
      at: 'ExternalSecret parley-migrate, data',
      wanted: modules.map(({ schema }) => schema.schema),
      read: (documents) =>
        named(documents, 'ExternalSecret', 'parley-migrate')
          .spec.data.map(({ secretKey }: Document) => secretKey)
          .filter((key: string) => !['host', 'owner'].includes(key)),
      entry: (schema) => `{secretKey: ${schema}, remoteRef: {key: parley/database, property: ${schema}}}`,
    },
    ...['ci', 'cd'].map(
      (name): ServiceList => ({
        file: `.github/workflows/${name}.yaml`,
        at: 'jobs.images.strategy.matrix.service',
        wanted: imageServices,
        read: ([document]) => document.jobs.images.strategy.matrix.service,
        entry: (image) => image,
      }),
    ),
    ...['Roll out', 'Back to what was there'].map(
      (step): ServiceList => ({
        file: '.github/workflows/deploy.yaml',
        at: `the step "${step}"`,
        wanted: serviceNames,
        read: ([document]) =>
          loopOf(
            values(document.jobs).flatMap(({ steps }) => steps ?? []),
            step,
          ),
        entry: (service) => `${service} after "for service in"`,
      }),
    ),
  ];
}

/** What is wrong with a list, a sentence each. */
export function faultsOf(list: ServiceList, documents: readonly Document[]): string[] {
  const found = new Set(list.read(documents).flatMap((name) => name || []));
  const wanted = new Set(list.wanted);
  return [
    ...[...wanted]
      .filter((name) => !found.has(name))
      .map((name) => `${list.file}: add to ${list.at}: ${list.entry(name)}`),
    ...[...found].filter((name) => !wanted.has(name)).map((name) => `${list.file}: take out of ${list.at}: ${name}`),
  ];
}
