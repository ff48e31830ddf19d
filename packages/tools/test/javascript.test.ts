import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('../../../docker/javascript.mjs', import.meta.url));

let at = '';
beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'parley-javascript-'));
});
afterEach(() => rmSync(at, { recursive: true, force: true }));

const files = {
  'packages/part/package.json': `{
  "name": "@parley/part",
  "type": "module",
  "exports": {
    ".": "./src/index.ts",
    "./config.ts": "./src/config.ts",
    "./domain/*": "./src/domain/*"
  }
}`,
  'packages/part/src/index.ts': "export { type Name, one } from './one.ts';\n",
  'packages/part/src/one.ts': 'export type Name = string;\nexport const one: Name = "one";\n',
  'packages/part/src/config.ts': 'export const two = "two" as const;\n',
  'packages/part/src/domain/three.ts': 'export const three = "three" satisfies string;\n',
  'services/whole/package.json': '{ "type": "module" }',
  'services/whole/src/four.ts': 'export const four: string = "four";\n',
  'services/whole/src/main.ts': `import { two } from '@parley/part/config.ts';
import { three } from '@parley/part/domain/three.ts';
import { one } from '@parley/part';
import type { Name } from '@parley/part';
const { four } = await import('./four.ts');
const all: Name[] = [one, two, three, four];
console.log(all.join(' '), new Error('here').stack?.split('\\n')[1]?.split('/').at(-1));
`,
} as const;

test('What an image holds is JavaScript that finds all that its TypeScript finds, on the same lines.', () => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  mkdirSync(join(at, 'node_modules/@parley'), { recursive: true });
  symlinkSync(join(at, 'packages/part'), join(at, 'node_modules/@parley/part'), 'junction');
  const node = (...args: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: at, encoding: 'utf8' });

  expect(node(program, 'packages', 'services')).toMatchObject({ status: 0, stderr: '' });

  expect(globSync('{packages,services}/**/*.ts', { cwd: at })).toEqual([]);
  const { stdout, stderr } = node('--no-experimental-strip-types', 'services/whole/src/main.js');
  expect({ stdout, stderr }).toEqual({ stdout: 'one two three four main.js:7:28\n', stderr: '' });
});
