import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

/** Names of the loaded CommonJS packages after an import. */
function loadedBy(entry: string): string {
  const show = `await import('${entry}');
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const made = spawnSync(process.execPath, ['--input-type=module', '-e', show], { cwd, encoding: 'utf8' });
  expect(made.status).toBe(0);
  return made.stdout;
}
const server = /node_modules\/(express|pg|pino|kafkajs)\//;

test('"parley mcp" reads the routes without the server, the database and the logger', () => {
  expect(loadedBy('./src/running/mcp-command.ts')).not.toMatch(server);
  expect(loadedBy('@parley/gateway')).toMatch(server);
});
