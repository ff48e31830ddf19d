// One service as a process of its own: `npm run service -- moderator`. Its environment is in docs/config.md.
import { isParleyError, serviceNames } from '@parley/contracts';

const service = serviceNames.find((name) => name === process.argv[2]);
if (service === undefined) {
  console.error(`npm run service -- ${serviceNames.join(' | ')}`);
  process.exit(2);
}
process.env.OTEL_SERVICE_NAME = service;
try {
  // Before anything that it watches is loaded.
  await import('@parley/runtime/telemetry');
  const { serviceCommand } = await import('./cluster/service-command.ts');
  const { main, env } = serviceCommand(service);
  Object.assign(process.env, env);
  await import(main);
} catch (thrown) {
  if (!isParleyError(thrown)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 1;
}
