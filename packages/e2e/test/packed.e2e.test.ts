import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { npmEnv } from '@parley/tools';
import { createApi } from '../src/api.ts';
import { startParley } from '../src/parley-process.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'parley packed '));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const [user, client] = [join(home, 'user'), join(home, 'client')];
const installed = join(user, 'node_modules/@parley/cli');

/** As on a user's machine: the Node that runs this is the one on the path, and no model server is near. */
const env = {
  ...npmEnv(),
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  PARLEY_REHEARSAL_LATENCY_MS: '5',
  OLLAMA_HOST: 'http://127.0.0.1:9',
  OPENAI_BASE_URL: '',
};
function run(folder: string, command: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const options = { cwd: folder, env: { ...env, ...more }, encoding: 'utf8', timeout: 120_000 } as const;
  return spawnSync(command, args, options);
}
const parley = (...args: string[]) => run(user, 'npx', ['parley', ...args]);

beforeAll(() => {
  const packed = run(root, process.execPath, ['packages/tools/src/pack.ts', '--to', join(home, 'dist')]);
  expect(packed).toMatchObject({ status: 0 });
  for (const [folder, tarball] of [
    [user, '../dist/parley-cli-*.tgz'],
    [client, '../dist/parley-sdk-*.tgz'],
  ] as const) {
    mkdirSync(folder);
    const [file = ''] = globSync(tarball, { cwd: folder });
    const made = run(folder, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', file]);
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' });
  }
}, 180_000);

test('npx parley debates to a verdict in a folder where nothing else is', () => {
  const made = parley('up', '--once', '--rounds', '2', '--port', '0', '--data-dir', 'data');
  expect(made.stdout).toContain('Stopped: max_rounds (after 2 rounds)');
  expect(made.stdout).toMatch(/Verdict: (Team A|Team B|contested)/);
  expect([made.status, made.stderr]).toEqual([0, '']);
  // The database came with it: nothing was made beside PGlite.
  expect(existsSync(join(user, 'node_modules/.cache/parley'))).toBe(false);
}, 120_000);

test('It says its version, and of a flag that there is none, in a sentence.', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as { version: string };
  expect(parley('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  const refused = parley('up', '--rouns', '2');
  expect([refused.status, refused.stdout]).toEqual([2, '']);
  const said = `Unknown option '--rouns'. Did you mean "--rounds"?\n"npx parley up --help" shows what there is.\n`;
  expect(refused.stderr).toBe(said);
}, 60_000);

test('On a Node that is too old it says which it needs, and nothing else.', () => {
  const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.19.0'}})`;
  const made = run(user, 'node', ['--import', old, 'node_modules/.bin/parley', '--version']);
  expect([made.status, made.stdout]).toEqual([1, '']);
  expect(made.stderr).toMatch(/^Parley needs Node\.js 22\.13 or newer; this is v\S+\. Install .*\n$/);
});

const consumer = `import { createParley, type FollowedEvent } from '@parley/sdk';

const [url = '', id = ''] = process.argv.slice(2);
const parley = createParley({ url });
const numbers: number[] = [];
let text: string | undefined;
for await (const event of parley.debates.follow(id)) {
  const one: FollowedEvent = event;
  if (one.type === 'delta') continue;
  numbers.push(one.seq);
  if (one.type === 'turn-recorded.v1') text = one.data.text;
}
const { status, turns } = await parley.debates.get(id);
// @ts-expect-error a view of a debate has no such field
const nothing: unknown = (await parley.debates.get(id)).nothing;
console.log(JSON.stringify({ numbers, text, status, turns: turns.length, nothing }));
`;

test('kill -9 in the middle of a debate, and it goes on where it was, for whoever follows with the SDK.', async () => {
  const start = { dataDir: join(user, 'killed'), script: join(user, 'node_modules/.bin/parley') };
  const first = await startParley({ ...start, env: { PARLEY_REHEARSAL_LATENCY_MS: '100' } });
  const id = await createApi(first.url).start({ topic: 'Does a package keep what it was told?', maxRounds: 4 });
  const before = await createApi(first.url).until(id, ({ turns }) => turns.length >= 2);
  first.kill('SIGKILL');
  await first.exited;

  const second = await startParley(start);
  const after = await createApi(second.url).untilClosed(id);
  expect(after.turns).toHaveLength(8);
  expect(after.turns.slice(0, before.turns.length)).toEqual(before.turns);

  writeFileSync(join(client, 'package.json'), JSON.stringify({ ...packageOf(client), type: 'module' }));
  writeFileSync(join(client, 'consumer.ts'), consumer);
  const followed = run(client, 'node', ['consumer.ts', second.url, id]);
  const { numbers, ...seen } = JSON.parse(followed.stdout) as { numbers: number[] };
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(seen).toEqual({ text: after.turns.at(-1)?.text, status: 'closed', turns: 8 });

  const pages = ['/', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/favicon-32x32.png', '/v1/slos'];
  for (const page of [...pages, ...assetsOf(await (await fetch(second.url)).text())]) {
    expect([page, (await fetch(`${second.url}${page}`)).status]).toEqual([page, 200]);
  }
  second.kill('SIGTERM');
  expect(await second.exited).toEqual({ code: 0, signal: null });
}, 120_000);

test("The SDK's types are whole, for a project that checks those of its packages, too.", () => {
  writeFileSync(join(client, 'consumer.ts'), `declare const process: { argv: string[] };\n${consumer}`);
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom'];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const made = run(client, 'node', [tsc, ...flags, '--types', '', 'consumer.ts']);
  expect([made.status, made.stdout]).toEqual([0, '']);
}, 60_000);

test('The package has its licence, no tests, no sources and nothing of the machine that made it.', () => {
  const files = globSync('**', { cwd: installed, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const wanted = ['LICENSE', 'README.md', 'docs/config.md', 'packages/console/site/licenses.md'];
  expect(files).toEqual(expect.arrayContaining(wanted.map((name) => join(installed, name))));
  expect(files.filter((file) => /\.test\.|\.ts$|\.js\.map$|\.env|\.npmrc/.test(file))).toEqual([]);
  expect(files.filter((file) => readFileSync(file, 'latin1').includes(root))).toEqual([]);
  const { scripts, dependencies } = packageOf(installed);
  expect(scripts).toBeUndefined();
  expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('Nothing that is installed with it wants to run a script.', () => {
  const lock = JSON.parse(readFileSync(join(user, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const asking = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(asking.map(([name]) => name)).toEqual([]);
});

function packageOf(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts?: unknown;
    dependencies: Record<string, string>;
  };
}

function assetsOf(page: string): string[] {
  const names = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(2);
  return names;
}
