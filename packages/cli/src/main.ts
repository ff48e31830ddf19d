import { endTelemetry } from '@parley/runtime/telemetry-end.ts';
import manifest from '../package.json' with { type: 'json' };
import { run } from './command-line/run.ts';
import { createTerminal } from './command-line/terminal.ts';
import { areas, groups } from './commands.ts';

// Who read as much as they wanted, such as head, closes the pipe.
process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
  if (thrown.code !== 'EPIPE') throw thrown;
  process.exit(0);
});

process.exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  terminal: createTerminal(process.stdout, process.stderr, process.env),
  areas,
  groups,
  version: manifest.version,
});
await endTelemetry();
