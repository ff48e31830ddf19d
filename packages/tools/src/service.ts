// One service as a process of its own: `npm run service -- moderator`. Its environment is in docs/config.md.
import { serviceNames } from '@parley/cli/migrate.ts';
import { isParleyError } from '@parley/contracts';
import { serviceCommand } from './cluster/service-command.ts';

const service = serviceNames.find((name) => name === process.argv[2]);
if (service === undefined) {
  console.error(`npm run service -- ${serviceNames.join(' | ')}`);
  process.exit(2);
}
const { main, env } = serviceCommand(service);
Object.assign(process.env, env);
try {
  await import(main);
} catch (thrown) {
  if (!isParleyError(thrown)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 1;
}
