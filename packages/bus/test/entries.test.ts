import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

/** Names of the loaded CommonJS packages after an import of this package's entry. */
function loadedBy(entry: string): string {
  const show = `await import('${entry}');
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const made = spawnSync(process.execPath, ['--input-type=module', '-e', show], { cwd, encoding: 'utf8' });
  expect(made.status).toBe(0);
  return made.stdout;
}

test('the client of Kafka is loaded by its own entry alone', () => {
  expect(loadedBy('@parley/bus')).not.toContain('kafkajs');
  expect(loadedBy('@parley/bus/kafka')).toContain('kafkajs');
});
