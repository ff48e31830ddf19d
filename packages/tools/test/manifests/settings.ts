import { readFileSync } from 'node:fs';
import { keysEnv } from '@parley/cli/operating/keys.ts';
import { migrateEnv } from '@parley/cli/operating/migrate-command.ts';
import { topicsEnv } from '@parley/cli/operating/topics.ts';
import { modules } from '@parley/cli/services.ts';
import { readEnv } from '@parley/runtime';
import type { z } from 'zod';
import { environmentOf, type K8sObject, type Workload } from './objects.ts';

const schemas: Readonly<Record<string, z.ZodObject>> = {
  ...Object.fromEntries(modules.map(({ name, env }) => [name, env])),
  migrate: migrateEnv,
  topics: topicsEnv,
  keys: keysEnv,
};
/** What Node and the OpenTelemetry SDK read for themselves. */
const foreign = /^(NODE|OTEL)_/;

const dockerfile = readFileSync(new URL('../../../../docker/service.Dockerfile', import.meta.url), 'utf8');
const imageEnv = Object.fromEntries(
  [...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.split(' ').map((pair) => pair.split('='))),
) as Record<string, string>;

/** Names of a container that its program does not know, and what the program says about the others. */
export function faultsOf({ name, component, pod }: Workload, objects: readonly K8sObject[]): string[] {
  const schema = schemas[component];
  if (schema === undefined) return [`${name}: no program reads the environment of the component "${component}"`];
  return pod.containers.flatMap((container) => {
    const env = environmentOf(container, objects);
    const unknown = [...env.keys()].filter((key) => !(key in schema.shape) && !foreign.test(key));
    const given = Object.fromEntries([...env].map(([key, value]) => [key, value ?? stand(key)]));
    const faults = unknown.map((key) => `${name}: nobody reads ${key}`);
    try {
      readEnv(schema, { ...imageEnv, ...given });
    } catch (thrown) {
      faults.push(`${name}: ${(thrown as Error).message}`);
    }
    return faults;
  });
}

/** For a text that is in a Secret. */
function stand(key: string): string {
  return key === 'DATABASE_URL' ? 'postgres://role:password@host:5432/parley' : 'long-enough';
}
