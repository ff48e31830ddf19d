import { passwordVariable } from '@parley/cli/operating/migrate.ts';
import { modules } from '@parley/cli/services.ts';
import { serviceNames } from '@parley/contracts';
import { imageServices } from '../../src/images/service-images.ts';

/** A parsed document, of which nothing is known: what is not there is undefined. */
// biome-ignore lint/suspicious/noExplicitAny: every place checks what it reads by what it finds.
export type Document = any;

/** A place in a file that people edit, where every service must stand. */
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

const images = modules.map(({ image }) => image);
const imageOf = (reference: string | undefined) => /^parley\/([a-z-]+)/.exec(reference ?? '')?.[1];
const isService = ({ image }: Document) => ![undefined, 'cli'].includes(imageOf(image));

const chart = 'charts/parley/values.yaml';
const compose = 'docker/compose.yaml';

export const serviceLists: readonly ServiceList[] = [
  {
    file: chart,
    at: 'services',
    wanted: serviceNames,
    read: ([document]) => keys(document.services),
    entry: (name) => `${name}: {image, replicas, connects, secret}`,
  },
  {
    file: chart,
    at: 'the images of services',
    wanted: images,
    read: ([document]) => values(document.services).map(({ image }) => image),
    entry: (image) => `image: ${image}`,
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
    wanted: serviceNames.map(passwordVariable),
    read: ([document]) => passwords(keys(document.services.migrate.environment)),
    entry: (name) => `${name}: PASSWORD`,
  },
];

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
