import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@parley/cli/operating/migrate.ts';

const folders = new URL('../../../../services/', import.meta.url);
/** With it Node reads what it has read before without its TypeScript compiler. Images hold JavaScript instead. */
const compileCache = fileURLToPath(new URL('../../../../node_modules/.cache/node', import.meta.url));

const programs: Readonly<Record<ServiceName, { readonly folder: string; readonly env?: Record<string, string> }>> = {
  gateway: { folder: 'gateway' },
  moderator: { folder: 'moderator' },
  'debater-a': { folder: 'debater', env: { PARLEY_SIDE: 'pro' } },
  'debater-b': { folder: 'debater', env: { PARLEY_SIDE: 'con' } },
};

export const services: readonly string[] = Object.keys(programs);

export function isService(name: string): name is ServiceName {
  return services.includes(name);
}

/** How a service is started as a process of its own: `telemetry` is what Node imports first. */
export function serviceCommand(service: ServiceName) {
  const { folder, env = {} } = programs[service];
  return {
    main: fileURLToPath(new URL(`${folder}/src/main.ts`, folders)),
    telemetry: new URL('../../../runtime/src/telemetry.ts', import.meta.url).href,
    env: { OTEL_SERVICE_NAME: service, NODE_COMPILE_CACHE: compileCache, ...env },
  };
}
