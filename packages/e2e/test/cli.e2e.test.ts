import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { parse, parseAllDocuments } from 'yaml';
import { createApi } from '../src/api.ts';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-cli-'));
const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const program = [process.execPath, '--disable-warning=ExperimentalWarning', main] as const;
/** Long enough to do something in the middle of a turn. */
const slow = { PARLEY_REHEARSAL_LATENCY_MS: '400' };
const esc = '\u001b';

let parley: ParleyProcess;
beforeAll(async () => {
  parley = await startParley({ dataDir: join(home, 'data'), env: slow });
});
afterAll(async () => {
  parley.kill('SIGTERM');
  await parley.exited;
  rmSync(home, { recursive: true, force: true });
});

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env.PATH ?? '',
  PARLEY_URL: parley.url,
  ...more,
});

interface Running {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

function start(args: readonly string[], more?: Readonly<Record<string, string>>): Running {
  const [node, ...rest] = program;
  const child = spawn(node, [...rest, ...args], {
    env: environment(more),
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, out: () => out, err: () => err, ended };
}
const run = (...args: string[]) => start(args).ended;
const startDebate = async (...flags: string[]) => (await run('debate', 'start', 'Tea or coffee?', ...flags)).out.trim();
const events = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; type: string });

test('a debate is started, listed, followed and shown; in a pipe nothing is said but what was asked for', async () => {
  const started = await run('debate', 'start', 'Tea or coffee?', '--rounds', '2');
  expect(started).toEqual({ code: 0, out: expect.stringMatching(/^[0-9a-f-]{36}\n$/), err: '' });
  const id = started.out.trim();
  expect((await run('debate', 'list')).out).toContain(id);

  const followed = await run('debate', 'follow', id);
  expect(followed).toMatchObject({ code: 0, err: '' });
  expect(followed.out.match(/^Team [AB].*, round [12]$/gm)).toHaveLength(4);
  expect(followed.out).toContain('Stopped: max_rounds (after 2 rounds)\nVerdict: ');
  expect(followed.out).not.toContain(esc);

  const shown = await run('debate', 'show', id);
  expect(shown.out).toMatch(/^Debate .*\nclosed, 2 of at most 2 rounds, started /);
  // What is shown afterwards is what was followed, behind the head.
  expect(shown.out.split('\n').slice(3).join('\n')).toBe(followed.out);
});

test('for programs each command prints what its route answers, as JSON and as YAML', async () => {
  const id = await startDebate('--rounds', '1');
  const api = createApi(parley.url);
  await api.untilClosed(id);
  const same = [
    [['debate', 'list', '--limit', '3'], '/v1/debates?limit=3'],
    [['debate', 'show', id], `/v1/debates/${id}`],
    [['usage', '--by', 'model'], '/v1/usage?groupBy=model'],
  ] as const;
  for (const [args, path] of same) {
    const { body } = await api.json(path);
    expect(JSON.parse((await run(...args, '-o', 'json')).out)).toEqual(body);
    expect(parse((await run(...args, '-o', 'yaml')).out)).toEqual(body);
  }
  const numbered = events((await run('debate', 'follow', id, '-o', 'json')).out);
  expect(numbered.map(({ seq }) => seq)).toEqual(numbered.map((_, i) => i + 1));
  expect(numbered.at(-1)).toMatchObject({ type: 'debate-closed.v1' });
  const rest = await run('debate', 'follow', id, '--after', '1', '-o', 'yaml');
  expect(parseAllDocuments(rest.out).map((document) => document.toJS())).toEqual(numbered.slice(1));
});

test('a stream of any kind is started, listed, shown and followed by the same commands', async () => {
  const started = await run('stream', 'start', 'debate', 'topic=Tea or juice?', 'maxRounds=1', '-o', 'json');
  const { id, maxRounds } = JSON.parse(started.out);
  expect(maxRounds).toBe(1);
  const followed = await run('stream', 'follow', 'debate', id);
  expect(followed).toMatchObject({ code: 0, err: '' });
  expect(followed.out.match(/^\d+ {2}\S+/gm)?.at(-1)).toMatch(/debate-closed\.v1$/);
  expect((await run('stream', 'list', '--kind', 'debate', '--status', 'completed')).out).toContain(`${id}  debate`);
  expect((await run('stream', 'show', 'debate', id)).out).toMatch(/^topic +Tea or juice\?$/m);
  expect(await run('stream', 'start', 'debate', 'Tea')).toMatchObject({
    code: 2,
    err: expect.stringContaining('name=value'),
  });
  expect(await run('stream', 'show', 'nothing', id)).toMatchObject({ code: 2, err: expect.stringContaining('debate') });
});

test('an agent calculates, asks back, waits over a restart, and goes on with the answer', async () => {
  const asked = await run('agent', 'run', 'calculator', '10 times 99');
  expect(asked).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/● calculator\n {2}→ 990\n.*"990"/) });
  const asking = await run('agent', 'run', 'assistant', 'Please ask me.');
  expect(asking.out).toMatch(/^\? Please ask me\.$/m);
  const [, id = '', after = ''] = /run follow (\S+) --after (\d+)/.exec(asking.err) ?? [];
  expect((await run('run', 'show', id)).out).toContain(`Run ${id} of assistant: asking`);
  parley.kill('SIGKILL');
  await parley.exited;
  parley = await startParley({ dataDir: join(home, 'data'), env: slow });
  expect((await run('run', 'answer', id, 'Green.')).code).toBe(0);
  const followed = await run('run', 'follow', id, '--after', after);
  expect(followed).toMatchObject({ code: 0, out: expect.stringContaining('ask_user answered "Green."') });
  expect(await run('run', 'answer', id, 'Blue.')).toMatchObject({ code: 4 });
});

test('a follower outlives a gateway that is killed, and sees every event once', async () => {
  const id = await startDebate('--rounds', '3');
  const follower = start(['debate', 'follow', id, '-o', 'json']);
  await until('a turn is recorded', () => follower.out().includes('turn-recorded'));
  parley.kill('SIGKILL');
  await parley.exited;
  const port = Number(new URL(parley.url).port);
  parley = await startParley({ dataDir: join(home, 'data'), port, env: slow });
  const { code, out, err } = await follower.ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const seen = events(out);
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, i) => i + 1));
  expect(seen.filter(({ type }) => type === 'turn-recorded.v1')).toHaveLength(6);
}, 120_000);

test('Ctrl-C ends following, not the debate, and says how to go on from there', async () => {
  const id = await startDebate('--rounds', '32', '--no-redundancy');
  expect((await run('debate', 'pause', id)).out).toBe(`Debate ${id} is being paused.\n`);
  const follower = start(['debate', 'follow', id]);
  await until('the pause is shown', () => follower.out().includes('(paused)'));
  follower.child.kill('SIGINT');
  const { code, out, err } = await follower.ended;
  expect(code).toBe(130);
  const [, words = ''] = /Follow it again: parley (debate follow \S+ --after \d+)\n$/.exec(err) ?? [];
  expect((await run('debate', 'resume', id)).out).toBe(`Debate ${id} goes on.\n`);
  expect((await run('debate', 'cancel', id)).out).toBe(`Debate ${id} is being cancelled.\n`);
  const rest = await run(...words.split(' '));
  const whole = await run('debate', 'follow', id);
  expect(out + rest.out).toBe(whole.out);
});

describe('people steer a debate', () => {
  test('it is paused, told something, resumed and cancelled, and then there is nothing left to cancel', async () => {
    const id = await startDebate('--rounds', '32', '--no-redundancy');
    expect(await run('debate', 'pause', id)).toMatchObject({ code: 0, err: '' });
    expect(await run('debate', 'note', id, 'What does it cost?')).toMatchObject({ code: 0 });
    const resumed = await run('debate', 'resume', id, '-o', 'json');
    expect(JSON.parse(resumed.out)).toMatchObject({ id });
    expect(await run('debate', 'cancel', id, '--reason', 'enough')).toMatchObject({ code: 0 });
    const followed = await run('debate', 'follow', id);
    expect(followed).toMatchObject({ code: 0 });
    expect(followed.out).toContain('(paused)\n\nNote: What does it cost?\n');
    expect(followed.out).toContain('Stopped: cancelled');
    const again = await run('debate', 'cancel', id, '-o', 'json');
    expect(again).toMatchObject({ code: 4, out: '' });
    expect(JSON.parse(again.err)).toMatchObject({ status: 409, code: 'ALREADY_CLOSED', retryable: false });
  });

  test('the redundancy stop of a replay is on where the debate had it off', async () => {
    const id = await startDebate('--rounds', '4', '--no-redundancy');
    await createApi(parley.url).untilClosed(id);
    const rules = ['--redundancy', '--containment', '0', '--jaccard', '0', '-o', 'json'];
    const { code, out } = await run('replay', id, ...rules);
    expect(code).toBe(0);
    expect(JSON.parse(out).result).toMatchObject({
      original: { rounds: 4, stopReason: 'max_rounds' },
      replay: { rounds: 3, stopReason: 'redundant' },
    });
  });
});

test('the agents say what they do and where, and what the gateway runs on', async () => {
  const { code, out } = await run('agents', '-o', 'json');
  expect(code).toBe(0);
  const view = JSON.parse(out);
  expect(view.agents.map(({ id }: { id: string }) => id)).toEqual([
    'debate',
    'debater-a',
    'debater-b',
    'calculator',
    'assistant',
  ]);
  expect(view.agents[1].url).toBe(`${parley.url}/a2a/debater-a`);
  expect(view.parts.find(({ name }: { name: string }) => name === 'model').detail).toContain('rehearsal model');
});

describe('what goes wrong has a code of its own', () => {
  const nowhere = { PARLEY_URL: 'http://127.0.0.1:9' };
  test.each([
    [2, ['debate', 'show', 'not-an-id'], {}, 'a debate id is a UUID'],
    [4, ['debate', 'show', '0197c8a0-0000-7000-8000-000000000001'], {}, '0197c8a0'],
    [4, ['debate', 'follow', '0197c8a0-0000-7000-8000-000000000001'], {}, '0197c8a0'],
    [3, ['debate', 'list'], nowhere, 'Nothing answers at http://127.0.0.1:9'],
    [3, ['debate', 'follow', '0197c8a0-0000-7000-8000-000000000001'], nowhere, 'Start it with "parley up"'],
    [3, ['agents'], nowhere, 'name it in PARLEY_URL'],
    [2, ['slo'], { PARLEY_URL: 'localhost' }, 'PARLEY_URL: expected http://host:port'],
    [2, ['debate'], {}, '"parley debate --help" shows what there is.'],
  ])('%d: %j', async (code, args, env, said) => {
    const made = await start(args, env).ended;
    expect(made).toMatchObject({ code, out: '' });
    expect(made.err).toContain(said);
    expect(made.err).not.toContain('    at ');
  });
});

describe('the doctor', () => {
  /** Nothing but Node is needed of this machine. */
  const bare = { OLLAMA_HOST: '', PARLEY_MODEL: 'rehearsal', PARLEY_DATA_DIR: 'fresh' };
  const bad = {
    KAFKA_BROKERS: '127.0.0.1:9',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    PARLEY_MODEL: 'openai/some',
    PARLEY_DATA_DIR: '/dev/null/none',
    PARLEY_LEASE_MS: 'soon',
    PARLEY_URL: 'http://127.0.0.1:9',
  };

  test('finds all that is needed, and the Parley that runs', async () => {
    const own = { ...bare, PORT: new URL(parley.url).port, PARLEY_DATA_DIR: join(home, 'data') };
    const { code, out } = await start(['doctor', '-o', 'json'], own).ended;
    expect(code).toBe(0);
    const { isWell, groups } = JSON.parse(out);
    expect(isWell).toBe(true);
    const found = new Map<string, { status: string; found: string; remedy: string | null }>(
      groups.flatMap(({ findings }: { findings: { component: string }[] }) =>
        findings.map((one) => [one.component, one]),
      ),
    );
    expect(found.get('port')?.found).toContain('is served by a Parley');
    expect(found.get('data directory')?.found).toContain('in use by the Parley on port');
    for (const name of ['gateway', 'access', "gateway's clock", 'model', 'settings', 'Node', 'disk'])
      expect([name, found.get(name)?.status]).toEqual([name, 'ok']);
  });

  test('ends with 1 where something is missing, and each red line with the command that mends it', async () => {
    const { code, out } = await start(['doctor'], bad).ended;
    expect(code).toBe(1);
    const red = out.split('\n').filter((line) => line.startsWith('  ✗'));
    const remedies = new Map(red.map((line) => [line.slice(4).split('  ')[0], line.split(' → ')[1]]));
    expect(Object.fromEntries(remedies)).toEqual({
      settings: 'unset PARLEY_LEASE_MS',
      'data directory': 'parley up --data-dir FOLDER',
      model: 'export OPENAI_BASE_URL=http://HOST:PORT/v1 OPENAI_API_KEY=KEY',
      Postgres: 'npm run postgres -- up && export DATABASE_URL=$(npm run --silent postgres -- url)',
      Kafka: 'npm run kafka -- up && export KAFKA_BROKERS=$(npm run --silent kafka -- url)',
      gateway: 'parley up',
    });
    expect(out).not.toContain(esc);
  });
});

/** util-linux gives a program a terminal; that of macOS is called otherwise. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
const onTerminal = hasScript ? test : test.skip;

onTerminal('on a terminal text is shown while it is written, in colours unless NO_COLOR is set', async () => {
  const watch = async (more: Readonly<Record<string, string>>) => {
    const command = [...program, 'debate', 'start', "'Tea or coffee?'", '--rounds', '1', '--follow'].join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: environment({ TERM: 'xterm', ...more }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pieces: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    return pieces;
  };
  const coloured = await watch({});
  // Two turns, the end and the head would be four or so; each word is one that is written.
  expect(coloured.length).toBeGreaterThan(20);
  expect(coloured.join('')).toContain(`${esc}[32mTeam A (for), round 1`);
  const plain = (await watch({ NO_COLOR: '1' })).join('');
  expect(plain).toContain('Team A (for), round 1');
  // What is waited for is still overwritten.
  expect(plain.replaceAll(`${esc}[K`, '')).not.toContain(esc);
});
