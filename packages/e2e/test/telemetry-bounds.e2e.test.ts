import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { useScope } from '@parley/testkit/scope.ts';
import { createApi } from '../src/api.ts';
import { startParley } from '../src/parley-process.ts';
import { openBadReceiver, type ReceiverFault, receiverFaults } from './bad-otlp-receiver.ts';

const scope = useScope();
const telemetry = new URL('../../runtime/src/telemetry.ts', import.meta.url).href;
const gateway = fileURLToPath(new URL('../../../services/gateway/src/main.ts', import.meta.url));

/** What two busy cores may add to a bound. */
const slackMs = 3_000;
/** The exporter reads 4 MB; the rest waits in the buffers of both ends. */
const mostBytes = 20_000_000;

async function badReceiver(timeoutMs: number, of?: readonly ReceiverFault[]) {
  const receiver = await openBadReceiver(of);
  scope.own('receiver', receiver.close);
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_EXPORTER_OTLP_TIMEOUT: String(timeoutMs),
    OTEL_BSP_SCHEDULE_DELAY: '50',
  };
  return { receiver, env };
}

async function exitOf(exited: Promise<unknown>) {
  const began = performance.now();
  const exit = await exited;
  return { exit, tookMs: Math.round(performance.now() - began) };
}

test('a collector whose answers never end takes nothing from debates, and each export ends in its time', async () => {
  const timeoutMs = 1_000;
  const { receiver, env } = await badReceiver(timeoutMs);
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bounds-'));
  scope.own('folder', () => rmSync(dataDir, { recursive: true, force: true }));
  const parley = await startParley({ dataDir, env: { NODE_OPTIONS: `--import ${telemetry}`, ...env } });
  scope.own('parley', () => parley.kill('SIGKILL'));
  const api = createApi(parley.url);

  const exports = () => receiver.seen().filter(({ openMs }) => openMs !== undefined).length;
  const began = performance.now();
  let debates = 0;
  for (; exports() < 2 * receiverFaults.length && performance.now() - began < 30_000; debates++) {
    const id = await api.start({ topic: 'Tea', maxRounds: 1 });
    expect((await api.untilClosed(id, 5_000)).turns).toHaveLength(2);
  }
  parley.kill('SIGTERM');
  const { exit, tookMs } = await exitOf(parley.exited);
  console.info(JSON.stringify({ debates, tookMs, seen: receiver.seen() }));

  expect(exit).toEqual({ code: 0, signal: null });
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
  expect(exports()).toBeGreaterThanOrEqual(2 * receiverFaults.length);
  for (const { openMs, bytes } of receiver.seen()) {
    expect(openMs).toBeLessThan(timeoutMs + slackMs);
    expect(bytes).toBeLessThan(mostBytes);
  }
}, 60_000);

test('a service that leaves gives its last traces 5 s, however long an export may take', async () => {
  const { receiver, env } = await badReceiver(60_000, ['a byte now and then', 'no answer']);
  // What it serves from is away: what is asked of it makes spans all the same.
  const away = { DATABASE_URL: 'postgres://127.0.0.1:9/none', KAFKA_BROKERS: '127.0.0.1:9', PARLEY_DRAIN_MS: '0' };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', telemetry, gateway], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH ?? '', PORT: '0', PARLEY_AUTH: 'off', LOG_LEVEL: 'error', ...away, ...env },
  });
  scope.own('gateway', () => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const [{ listening }] = (await once(child, 'message')) as [{ listening: number }];
  const ask = async () => void (await (await fetch(`http://127.0.0.1:${listening}/v1/debates`)).text());
  await until('an export hangs', () => receiver.seen().length > 0, 10_000, ask);
  await ask();
  child.kill('SIGTERM');
  const { exit, tookMs } = await exitOf(exited);
  console.info(JSON.stringify({ tookMs, seen: receiver.seen() }));
  expect(exit).toEqual([0, null]);
  expect(receiver.seen()).toHaveLength(2);
  expect(tookMs).toBeLessThan(5_000 + slackMs);
}, 60_000);
