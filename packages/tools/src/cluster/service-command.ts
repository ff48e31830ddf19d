import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@parley/cli/migrate.ts';

const services = new URL('../../../../services/', import.meta.url);

const programs: Readonly<Record<ServiceName, { readonly folder: string; readonly env?: Record<string, string> }>> = {
  gateway: { folder: 'gateway' },
  moderator: { folder: 'moderator' },
  'debater-a': { folder: 'debater', env: { PARLEY_SIDE: 'pro' } },
  'debater-b': { folder: 'debater', env: { PARLEY_SIDE: 'con' } },
};

/** How a service is started as a process of its own. */
export function serviceCommand(service: ServiceName) {
  const { folder, env = {} } = programs[service];
  return { main: fileURLToPath(new URL(`${folder}/src/main.ts`, services)), env };
}
