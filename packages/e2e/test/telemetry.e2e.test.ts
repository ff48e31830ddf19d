import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { createApi } from '../src/api.ts';
import { startParley } from '../src/parley-process.ts';
import { receiveOtlp } from './otlp-receiver.ts';

const telemetry = new URL('../../runtime/src/telemetry.ts', import.meta.url).href;
const packages = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a script in the folder of a package, with telemetry loaded before it. */
function run(folder: string, script: string, env: Record<string, string>): unknown {
  const args = ['--disable-warning=ExperimentalWarning', '--import', telemetry, '--input-type=module', '-e', script];
  const made = spawnSync(process.execPath, args, { cwd: join(packages, folder), env, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  return JSON.parse(made.stdout);
}

const somewhere = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_EXPORTER: 'none' };
const wrapped = `const { isWrapped } = await import('@opentelemetry/instrumentation');`;

test('With telemetry in front, http, express, pg and kafkajs are instrumented though they are imported as ES modules.', () => {
  const found = run(
    'runtime',
    `${wrapped}
    const http = await import('node:http');
    const { default: express } = await import('express');
    const { default: pg } = await import('pg');
    const { Kafka } = await import('kafkajs');
    console.log(JSON.stringify({
      http: isWrapped(http.Server.prototype.emit) && isWrapped(http.request),
      express: isWrapped(express.Router.prototype.route),
      pg: isWrapped(pg.Client.prototype.query),
      kafkajs: isWrapped(Kafka.prototype.producer),
    }));`,
    { ...somewhere, OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,express,pg,kafkajs' },
  );
  expect(found).toEqual({ http: true, express: true, pg: true, kafkajs: true });
}, 60_000);

test.each([
  ['no endpoint is configured', {}],
  ['the SDK is disabled', { ...somewhere, OTEL_SDK_DISABLED: 'true' }],
])('Nothing is loaded when %s.', (_when, env) => {
  const script = `const { default: pg } = await import('pg');
    const api = globalThis[Symbol.for('opentelemetry.js.api.1')];
    console.log(JSON.stringify({ isWrapped: '__wrapped' in pg.Client.prototype.query, isLoaded: api !== undefined }));`;
  expect(run('runtime', script, env)).toEqual({ isWrapped: false, isLoaded: false });
});

test('A process that is killed and started again goes on with the trace of the HTTP request.', async () => {
  const receiver = await receiveOtlp();
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-otlp-'));
  const env = {
    NODE_OPTIONS: `--import ${telemetry}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'parley',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    PARLEY_REHEARSAL_LATENCY_MS: '100',
  };
  try {
    const first = await startParley({ dataDir, env });
    const id = await createApi(first.url).start({ topic: 'Tea', maxRounds: 2 });
    await createApi(first.url).until(id, (view) => view.turns.length >= 2);
    first.kill('SIGKILL');
    await first.exited;
    const second = await startParley({ dataDir, env });
    await createApi(second.url).untilClosed(id);
    second.kill('SIGTERM');
    expect(await second.exited).toEqual({ code: 0, signal: null });

    const spans = receiver.spans();
    const request = spans.find((span) => span.name === 'POST /v1/debates');
    expect(request).toMatchObject({ kind: SpanKind.SERVER, parentSpanId: undefined });
    const own = spans.filter(({ name }) => /^(send|process|effect|chat) /.test(name));
    expect(new Set(own.map((span) => span.traceId))).toEqual(new Set([request?.traceId]));
    expect(own.filter((span) => span.name === 'effect judge')).toHaveLength(1);
    const names = own.map((span) => `${span.name} ${span.attributes['parley.message.type']}`);
    expect(names).toContain('process parley.debate.events verdict-given.v1');
    // Nothing of the database's polling makes a trace.
    const roots = new Set(spans.filter((span) => span.parentSpanId === undefined).map((span) => span.name));
    expect([...roots].filter((name) => !/^(tick |GET |POST )/.test(name))).toEqual([]);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
    receiver.close();
  }
}, 120_000);
