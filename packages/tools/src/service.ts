// One service as a process of its own: `npm run service -- moderator`. Its environment is in docs/config.md.
import { isParleyError } from '@parley/contracts';
import { isService, serviceCommand, services } from './cluster/service-command.ts';

const service = process.argv[2] ?? '';
if (!isService(service)) {
  console.error(`npm run service -- ${services.join(' | ')}`);
  process.exit(2);
}
const { main, telemetry, env } = serviceCommand(service);
Object.assign(process.env, env);
try {
  // Before anything that it watches is loaded.
  await import(telemetry);
  await import(main);
} catch (thrown) {
  if (!isParleyError(thrown)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 1;
}
