import { fileURLToPath } from 'node:url';
import { modules } from '@parley/cli/services.ts';
import type { ServiceName } from '@parley/contracts';

const folders = new URL('../../../../services/', import.meta.url);
/** With it Node reads what it has read before without its TypeScript compiler. Images hold JavaScript instead. */
const compileCache = fileURLToPath(new URL('../../../../node_modules/.cache/node', import.meta.url));

/** How a service is started as a process of its own: `telemetry` is what Node imports first. */
export function serviceCommand(service: ServiceName) {
  const module = modules.find(({ name }) => name === service);
  if (module === undefined) throw new Error(`${service} is missing in packages/cli/src/services.ts.`);
  return {
    main: fileURLToPath(new URL(`${module.image}/src/main.ts`, folders)),
    telemetry: new URL('../../../runtime/src/telemetry.ts', import.meta.url).href,
    env: { OTEL_SERVICE_NAME: service, NODE_COMPILE_CACHE: compileCache, ...module.startEnv },
  };
}
