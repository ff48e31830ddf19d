import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { serviceNames } from '@parley/contracts';
import { openPostgres } from '@parley/spine';
import { createApi } from '../src/api.ts';
import { startParley } from '../src/parley-process.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const home = mkdtempSync(join(tmpdir(), 'parley-readme-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The lines of all shell blocks, a trailing backslash joined to what follows. */
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block ?? '').replace(/\\\n\s*/g, '').split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

test('the first command runs as it stands there and ends well after the verdict', () => {
  const command = commands[0] ?? '';
  expect(command).toBe('npm start -- --once --rounds 2');
  const env = { ...process.env, PORT: '0', PARLEY_DATA_DIR: join(home, 'first'), OLLAMA_HOST: 'http://127.0.0.1:9' };
  const made = spawnSync('sh', ['-c', command], { cwd: root, env, encoding: 'utf8', timeout: 120_000 });
  expect(made.stdout).toContain('rehearsal model (no Ollama at http://127.0.0.1:9, OPENAI_BASE_URL is not set)');
  expect(made.stdout).toContain('Stopped: max_rounds (after 2 rounds)');
  expect(made.stdout).toMatch(/Verdict: (Team A|Team B|contested)/);
  expect(made.status).toBe(0);
}, 130_000);

/** What is not a command of its own test: it goes to a running gateway. */
const asks = /^npm run parley -- (debate|agents|usage|replay|slo)/;

test('every command of the README that asks a gateway works as it stands there', async () => {
  const parley = await startParley({ dataDir: join(home, 'commands') });
  const env = { ...process.env, PARLEY_URL: parley.url };
  const run = (line: string) => spawnSync('sh', ['-c', line], { cwd: root, env, encoding: 'utf8', timeout: 120_000 });
  const lines = commands.filter((line) => asks.test(line));
  expect(lines.length).toBeGreaterThan(4);
  let id = '';
  for (const line of lines) {
    const { status, stdout, stderr } = run(line.replace(/\bID\b/g, id));
    expect({ line, status, stdout, stderr }).toMatchObject({ status: 0 });
    if (line.includes('debate start')) {
      id = /^Debate (\S+)$/m.exec(stderr)?.[1] ?? '';
      expect(stdout).toContain('Stopped: max_rounds (after 4 rounds)');
    }
    if (line.includes('debate list')) expect(stdout).toContain(`${id}  closed`);
    if (line.includes('replay')) expect(stdout).toContain('It would have stopped where it did: round 4 (max_rounds).');
  }
  parley.kill('SIGTERM');
  await parley.exited;
}, 180_000);

test('every curl of the README works as it stands there', async () => {
  const parley = await startParley({ dataDir: join(home, 'curls') });
  const api = createApi(parley.url);
  let id = '';
  for (const command of commands.filter((line) => line.startsWith('curl'))) {
    const line = command.replaceAll('localhost:8080', parley.url.replace('http://', '')).replaceAll('ID', id);
    const made = spawnSync('sh', ['-c', `${line} --silent --show-error`], { encoding: 'utf8', timeout: 60_000 });
    expect({ line, status: made.status, output: made.stdout }).toMatchObject({ status: 0 });
    if (command.includes('-i ')) {
      expect(made.stdout).toMatch(/^HTTP\/1.1 202/);
      id = /"id":"([^"]+)"/.exec(made.stdout)?.[1] ?? '';
    } else if (command.includes('/events')) {
      expect(made.stdout).toContain('event: debate-closed.v1');
    } else if (/cancel|pause|notes/.test(command)) {
      expect(made.stdout).toContain('ALREADY_CLOSED');
    } else {
      expect(JSON.parse(made.stdout)).toMatchObject({ id, status: 'closed' });
    }
  }
  expect((await api.debate(id)).turns).toHaveLength(8);
  parley.kill('SIGTERM');
  await parley.exited;
}, 180_000);

const brokers = process.env.PARLEY_TEST_KAFKA_BROKERS || undefined;
const server = process.env.PARLEY_TEST_DATABASE_URL || undefined;
const onRealOnes = brokers === undefined || server === undefined ? test.skip : test;

onRealOnes(
  'the cluster starts as it stands there, and its processes debate',
  async () => {
    const command = commands.find((line) => line.startsWith('npm run cluster')) ?? '';
    expect(command).toBe('npm run cluster -- --replicas 2');
    const name = `readme_${randomUUID().replaceAll('-', '')}`;
    const admin = openPostgres({ url: server ?? '', poolSize: 1 });
    await admin.query(`create database ${name}`);
    const databaseUrl = Object.assign(new URL(server ?? ''), { pathname: `/${name}` }).href;
    const env = {
      ...process.env,
      KAFKA_BROKERS: brokers,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      PARLEY_MODEL: 'rehearsal',
    };
    // A group of its own, as a shell gives it: npm passes no signal on.
    const child = spawn('sh', ['-c', command], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const url = await new Promise<string>((resolve, reject) => {
        child.stdout.on('data', () => {
          const found = /Parley is up at (\S+)/.exec(said)?.[1];
          if (found !== undefined) resolve(found);
        });
        child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
      });
      expect(said.match(/pid \d+/g)).toHaveLength(2 * serviceNames.length);
      const api = createApi(url);
      const id = await api.start({ topic: 'Does a cluster debate?', maxRounds: 2 });
      expect(await api.untilClosed(id)).toMatchObject({ status: 'closed', stopReason: 'max_rounds' });
    } finally {
      // The pipe is closed when the last of them has ended.
      const ended = once(child.stdout, 'close');
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await ended;
      await admin.query(`drop database ${name} with (force)`);
      await admin.close();
    }
  },
  180_000,
);

test('every link of the README leads somewhere', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
    .map(([, to]) => to ?? '')
    .filter((to) => !to.startsWith('http'));
  const missing = links.filter((to) => spawnSync('test', ['-e', join(root, to)]).status !== 0);
  expect(links.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});
