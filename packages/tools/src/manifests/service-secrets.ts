import { passwordVariable, roleOf } from '@parley/cli/operating/migrate.ts';
import { modules } from '@parley/cli/services.ts';
import type { ServiceName } from '@parley/contracts';
import { kustomizationOf, type Manifest, note } from './rendered-files.ts';

const ownerPassword = 'minikube-only';
const modelKey = 'OPENAI_API_KEY';
const generatorOptions = `generatorOptions:
  # The manifests name them, and a job cannot be changed to name another.
  disableNameSuffixHash: true
`;

/** What the Secret of a service must hold. */
export interface ServiceSecret {
  readonly name: string;
  readonly service: ServiceName;
  /** Its schema, which is also the name of its role's password. */
  readonly schema: string;
  readonly hasModelKey: boolean;
}

/** A Secret for each service that the chart deploys, with the key of a model server for those that may read one. */
export function serviceSecrets(manifests: readonly Manifest[]): ServiceSecret[] {
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  return modules.flatMap(({ name: service, schema: { schema } }) => {
    const text = deployments.find(({ component }) => component === service)?.text ?? '';
    const name = /secretKeyRef: {name: (\S+), key: DATABASE_URL,/.exec(text)?.[1];
    return name === undefined ? [] : [{ name, service, schema, hasModelKey: text.includes(`key: ${modelKey},`) }];
  });
}

/** Secrets for the databases of a laptop, with passwords that everybody may read. */
export function localSecretFiles(secrets: readonly ServiceSecret[]): Map<string, string> {
  const url = (role: string, password: string) => `DATABASE_URL=postgres://${role}:${password}@postgres:5432/parley`;
  const passwordOf = (service: ServiceName) => `minikube-${service}`;
  const entry = (name: string, literals: readonly string[]) =>
    `  - name: ${name}\n    literals:\n${literals.map((literal) => `      - ${literal}\n`).join('')}`;
  const entries = [
    entry('postgres', [`POSTGRES_PASSWORD=${ownerPassword}`]),
    ...secrets.map(({ name, service }) => entry(name, [url(roleOf(service), passwordOf(service))])),
    entry('parley-migrate', [
      url('parley', ownerPassword),
      ...secrets.map(({ service }) => `${passwordVariable(service)}=${passwordOf(service)}`),
    ]),
  ];
  const rest = `secretGenerator:\n${entries.join('')}${generatorOptions}`;
  return new Map([['kustomization.yaml', kustomizationOf('Component', [], rest)]]);
}

/** Secrets that the External Secrets operator makes of what the SecretStore "parley" has. */
export function externalSecretFiles(secrets: readonly ServiceSecret[]): Map<string, string> {
  const objects = [
    ...secrets.map(({ name, service, schema, hasModelKey }) =>
      externalSecret(
        name,
        { DATABASE_URL: databaseUrl(roleOf(service), 'password'), ...(hasModelKey && { [modelKey]: '{{ .key }}' }) },
        {
          host: database('host'),
          password: database(schema),
          ...(hasModelKey && { key: 'parley/model, property: key' }),
        },
      ),
    ),
    externalSecret(
      'parley-migrate',
      {
        DATABASE_URL: databaseUrl('parley', 'owner'),
        ...Object.fromEntries(secrets.map(({ service, schema }) => [passwordVariable(service), `{{ .${schema} }}`])),
      },
      Object.fromEntries(['host', 'owner', ...secrets.map(({ schema }) => schema)].map((key) => [key, database(key)])),
    ),
  ];
  const properties = ['host', 'owner', ...secrets.map(({ schema }) => schema)].map((name) => `"${name}"`).join(', ');
  const about = `# The store has "parley/database": {${properties}},\n# passwords but for the host; "parley/model": {"key"}.\n`;
  return new Map([
    ['objects.yaml', `${note}${about}${objects.join('')}`],
    ['kustomization.yaml', kustomizationOf('Component', ['objects.yaml'])],
  ]);
}

const database = (property: string) => `parley/database, property: ${property}`;

function databaseUrl(role: string, password: string): string {
  return `postgres://${role}:{{ .${password} | urlquery }}@{{ .host }}:5432/parley?sslmode=verify-full`;
}

function externalSecret(
  name: string,
  template: Readonly<Record<string, string>>,
  remote: Readonly<Record<string, string>>,
): string {
  const data = Object.entries(template).map(([key, text]) => `        ${key}: "${text}"\n`);
  const refs = Object.entries(remote).map(([key, ref]) => `    - {secretKey: ${key}, remoteRef: {key: ${ref}}}\n`);
  return `---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: ${name}}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: SecretStore, name: parley}
  target:
    template:
      data:
${data.join('')}  data:
${refs.join('')}`;
}
