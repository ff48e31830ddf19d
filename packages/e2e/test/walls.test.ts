import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'parley-walls-'));
const domain = join(home, 'services/moderator/src/domain');

beforeAll(() => {
  for (const file of ['biome.json', 'tsconfig.json', 'tsconfig.domain.json', 'scripts/no-random.grit']) {
    cpSync(join(root, file), join(home, file));
  }
  for (const file of ['sketch.ts']) {
    cpSync(join(root, 'services/moderator/src/domain', file), join(domain, file));
  }
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  writeFileSync(join(home, '.gitignore'), 'node_modules\n');
  writeFileSync(join(home, 'package.json'), '{"type":"module"}\n');
  spawnSync('git', ['init', '-q'], { cwd: home });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function run(tool: string, args: string[]): { isGreen: boolean; output: string } {
  const made = spawnSync(process.execPath, [join(root, tool), ...args], { cwd: home, encoding: 'utf8' });
  return { isGreen: made.status === 0, output: `${made.stdout}${made.stderr}` };
}
const lint = () =>
  run('node_modules/@biomejs/biome/bin/biome', ['lint', '--error-on-warnings', '--colors=off', 'services']);
const types = () => run('node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.domain.json']);

function plant(at: string, text: string): () => void {
  const file = join(home, at);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return () => rmSync(file);
}

test('an untouched domain passes both walls', () => {
  expect(lint()).toEqual({ isGreen: true, output: expect.anything() });
  expect(types()).toEqual({ isGreen: true, output: '' });
});

const planted = 'services/moderator/src/domain/planted.ts';
test.each([
  ['an import of a Node module', "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n"],
  ['an import of a package', "import pg from 'pg';\nexport const x = pg;\n"],
  ['an import from another room', "import { x } from '../out/x.ts';\nexport const y = x;\n"],
  ['a dynamic import', "export const x = () => import('node:fs');\n"],
  ['the clock', 'export const x = () => Date.now();\n'],
  ['chance', 'export const x = () => Math.random();\n'],
  ['the environment', 'export const x = () => process.env;\n'],
])('the linter refuses %s in a domain', (_what, text) => {
  const remove = plant(planted, text);
  expect(lint()).toMatchObject({ isGreen: false });
  remove();
});

test.each([
  ['fetch', "export const x = () => fetch('http://x');\n"],
  ['process', 'export const x = () => process.env;\n'],
  ['setTimeout', 'export const x = () => setTimeout(() => {}, 1);\n'],
])('the compiler does not know %s in a domain', (_what, text) => {
  const remove = plant(planted, text);
  expect(types()).toMatchObject({ isGreen: false });
  remove();
});

test.each([
  ['by its name', 'services/gateway/src/planted.ts', '@parley/moderator'],
  ['by its name from a room in a room', 'services/gateway/src/in/mcp/planted.ts', '@parley/moderator'],
  ['by its path from a room in a room', 'services/gateway/src/in/mcp/planted.ts', '../../../../moderator/src/app.ts'],
])('a service cannot import another service %s', (_how, file, from) => {
  const remove = plant(file, `import { createModerator } from '${from}';\nexport const x = createModerator;\n`);
  expect(lint()).toMatchObject({ isGreen: false });
  remove();
});
