import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { Replica } from '../src/cluster/replica.ts';
import { serviceCommand } from '../src/cluster/service-command.ts';
import { claimPorts } from '../src/kafka/broker-settings.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A port of loopback that belongs to somebody else until the test ends. */
async function taken(port = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { PATH = '', HOME = '' } = process.env;
  const node = ['--disable-warning=ExperimentalWarning', program, ...args];
  const child = spawn(process.execPath, node, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  closing.push(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise<{ code: number | null; lines: string[] }>((resolve) => {
    child.on('close', (code) => resolve({ code, lines: output.split('\n').filter((line) => line !== '') }));
  });
}

const cluster = fileURLToPath(new URL('../src/cluster.ts', import.meta.url));
/** Nothing may be started on the way to the answer: these would not be found. */
const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', KAFKA_BROKERS: '127.0.0.1:1' };

test('"npm run cluster" on a taken port ends at once with one sentence', async () => {
  const port = await taken();
  const { code, lines } = await run(cluster, ['--port', String(port)], nowhere);
  expect(lines).toEqual([`Port ${port} belongs to another process; choose another with --port, or 0 for a free one.`]);
  expect(code).toBe(2);
});

test('"npm run cluster" with settings that cannot be used ends at once with one sentence for each', async () => {
  const env = {
    ...nowhere,
    PARLEY_POOL_SIZE: '0',
    PARLEY_LEASE_MS: 'soon',
    LOG_LEVEL: 'loud',
    PARLEY_SIDE: 'pro',
    DATABASE_URL: 'mysql://here',
  };
  const { code, lines } = await run(cluster, ['--replicas', '0', '--port', 'x'], env);
  expect(lines.sort()).toEqual([
    '--replicas is "0", expected 1 to 10.',
    'DATABASE_URL: expected postgres://user:password@host:port/database',
    'LOG_LEVEL: is none of "debug", "info", "warn", "error", "silent"',
    'PARLEY_LEASE_MS: is no number',
    'PARLEY_POOL_SIZE: is too small, the least is 2',
    'The port is "x", expected 0 to 65535; it is --port or PORT.',
  ]);
  expect(code).toBe(2);
});

test('"npm run cluster" names what settings say together, too', async () => {
  const env = { ...nowhere, PARLEY_JWT_ISSUER: 'https://id.example.org', PARLEY_PRICES: '/nowhere/prices.json' };
  const { code, lines } = await run(cluster, ['--port', '0'], env);
  expect(lines.map((line) => line.slice(0, 40))).toEqual([
    'PARLEY_JWT_ISSUER, PARLEY_JWT_AUDIENCE a',
    'PARLEY_PRICES names the file /nowhere/pr',
  ]);
  expect(code).toBe(2);
});

test('"npm run cluster" with a broker and a database that do not answer ends at once with one sentence for each', async () => {
  const { code, lines } = await run(cluster, ['--port', '0'], nowhere);
  expect(lines).toEqual([
    'KAFKA_BROKERS: nothing answers at 127.0.0.1:1; start it, or leave it out.',
    'DATABASE_URL: The database does not answer: connect ECONNREFUSED 127.0.0.1:1.',
  ]);
  expect(code).toBe(2);
});

test.each(['gateway', 'moderator', 'debater-a'] as const)(
  '%s with a setting that cannot be used ends with one line of its log, without a stack, and with 78',
  async (service) => {
    const { main, env } = serviceCommand(service);
    const { code, lines } = await run(main, [], { ...env, ...nowhere, PARLEY_POOL_SIZE: 'many' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      code: 'CONFIG_INVALID',
      msg: 'The environment has settings that cannot be used:\n  PARLEY_POOL_SIZE: is no number',
    });
    expect(code).toBe(78);
  },
);

test('a service on a taken port ends with one sentence and is not started again', async () => {
  const port = await taken();
  const lines: string[] = [];
  const replica = new Replica({
    service: 'moderator',
    number: 1,
    env: { ...nowhere, LOG_LEVEL: 'warn' },
    port,
    isKept: true,
    onLine: (line) => lines.push(line),
  });
  closing.push(() => replica.stop(0));
  replica.start();
  await until('it says why', () => replica.unusable !== undefined, 30_000);
  expect(replica.unusable).toContain(String(port));
  expect(replica.restarts).toBe(0);
  expect(replica.pid).toBeUndefined();
  expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
}, 60_000);

test('a service that crashes is started again, even where it says the same as one whose settings are wrong', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-replica-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'crash.mjs');
  writeFileSync(program, `process.send({ listening: 1 }, () => process.exit(78));`);
  const replica = new Replica({ service: 'moderator', number: 1, env: {}, program, isKept: true, onLine() {} });
  closing.push(() => replica.stop(0));
  replica.start();
  await until('it was started again', () => replica.restarts > 0, 30_000);
  expect(replica.unusable).toBeUndefined();
}, 60_000);

test("Kafka on a port whose controller's port is taken says which port that is, and why it is needed", async () => {
  const controller = await taken();
  await expect(claimPorts(controller - 10, 1)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: `Port ${controller} belongs to another process. Kafka's controller needs it, 10 above its broker's port ${controller - 10}; choose another with --port.`,
  });
});
