import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  for (const file of ['sketch.ts', 'tsconfig.json']) {
    cpSync(join(root, 'services/moderator/src/domain', file), join(domain, file));
  }
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  writeFileSync(join(home, '.gitignore'), 'node_modules\n');
  writeFileSync(join(home, 'package.json'), '{"type":"module"}\n');
  spawnSync('git', ['init', '-q'], { cwd: home });
  mkdirSync(join(home, 'packages'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function run(tool: string, args: string[]): { isGreen: boolean; output: string } {
  const made = spawnSync(process.execPath, [join(root, tool), ...args], { cwd: home, encoding: 'utf8' });
  return { isGreen: made.status === 0, output: `${made.stdout}${made.stderr}` };
}
const lint = () =>
  run('node_modules/@biomejs/biome/bin/biome', ['lint', '--error-on-warnings', '--colors=off', 'packages', 'services']);
const types = (project: string) => run('node_modules/typescript/bin/tsc', ['--noEmit', '-p', project]);
/** What the command line checks all domains by, and what an editor finds beside a domain's files. */
const projects = ['tsconfig.domain.json', 'services/moderator/src/domain'];

function plant(at: string, text: string): () => void {
  const file = join(home, at);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return () => rmSync(file);
}

test('an untouched domain passes both walls', () => {
  expect(lint()).toEqual({ isGreen: true, output: expect.anything() });
  for (const project of projects) expect(types(project)).toEqual({ isGreen: true, output: '' });
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
  for (const project of projects) expect(types(project)).toMatchObject({ isGreen: false });
  remove();
});

test.each(globSync('services/*/src/domain', { cwd: root }))(
  '%s tells an editor what the compiler refuses in it',
  (at) => {
    expect(JSON.parse(readFileSync(join(root, at, 'tsconfig.json'), 'utf8'))).toEqual({
      extends: '../../../../tsconfig.domain.json',
      include: ['.'],
    });
  },
);

test.each([
  ['values', "import { b } from './b.ts';", "import { a } from './a.ts';"],
  ['types alone', "import type { B } from './b.ts';", "import type { A } from './a.ts';"],
])('the linter refuses two files that import each other, for %s', (_what, ofB, ofA) => {
  const removeA = plant('packages/runtime/src/a.ts', `${ofB}\nexport const a = 1;\nexport type A = 1;\n`);
  const removeB = plant('packages/runtime/src/b.ts', `${ofA}\nexport const b = 1;\nexport type B = 1;\n`);
  expect(lint()).toMatchObject({ isGreen: false, output: expect.stringContaining('noImportCycles') });
  removeA();
  removeB();
});
