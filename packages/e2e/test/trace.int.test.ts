import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SpanKind, trace } from '@opentelemetry/api';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import { discoverModel } from '@parley/model';
import { createLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { createApi } from '../src/api.ts';
import { labelOf, type SpanView, traceTree } from '../src/trace-tree.ts';
import { recordSpans } from './span-recorder.ts';

const recorder = recordSpans();
let dataDir: string;
let log: Record<string, unknown>[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-trace-'));
  log = [];
  recorder.clear();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

async function start(rehearsalLatencyMs = 0): Promise<Embedded> {
  const db = await openEmbedded({ dataDir });
  const discovery = await discoverModel({ env: {}, model: 'rehearsal', rehearsalLatencyMs });
  const to = { write: (line: string) => log.push(JSON.parse(line)) } as unknown as NodeJS.WritableStream;
  const logger = createLogger({ level: 'debug', service: 'parley', to });
  return createEmbedded({ db, discovery, logger, port: 0, host: '127.0.0.1' });
}

/** Asks for a debate under a span of the test's, as an instrumented client does. */
async function ask(parley: Embedded, maxRounds: number): Promise<{ id: string; traceId: string }> {
  const client = trace.getTracer('test').startSpan('POST /v1/debates', { kind: SpanKind.CLIENT });
  const { traceId, spanId } = client.spanContext();
  const headers = { traceparent: `00-${traceId}-${spanId}-01` };
  const { body } = await createApi(parley.url).post<{ id: string }>(
    '/v1/debates',
    { topic: 'Tea', maxRounds },
    headers,
  );
  client.end();
  return { id: body.id, traceId };
}

const isTick = (span: SpanView): boolean => span.name.startsWith('tick ');
const documented = readFileSync(new URL('../../../docs/observability.md', import.meta.url), 'utf8');

test('A debate is one trace from the request to the verdict, as the documentation prints it.', async () => {
  const parley = await start();
  const { id, traceId } = await ask(parley, 1);
  await createApi(parley.url).untilClosed(id);
  await parley.stop();
  const spans = recorder.spans().filter((span) => !isTick(span));
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  expect(/```text\n([^`]+)\n```/.exec(documented)?.[1]).toBe(traceTree(spans));

  const chats = spans.filter((span) => span.name === 'chat rehearsal');
  for (const { attributes } of chats) {
    expect(attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'rehearsal',
      'gen_ai.request.model': 'rehearsal',
      'gen_ai.request.max_tokens': expect.any(Number),
      'gen_ai.response.model': 'rehearsal',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
    });
  }
  const consumer = spans.find((span) => labelOf(span).startsWith('moderator: process parley.debate.commands'));
  expect(consumer?.attributes).toEqual({
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.system': 'memory',
    'messaging.destination.name': 'parley.debate.commands',
    'messaging.destination.partition.id': expect.any(String),
    'messaging.message.id': `start/${id}`,
    'messaging.consumer.group.name': 'moderator',
    'parley.service': 'moderator',
    'parley.message.type': 'start-debate.v1',
    'parley.subject': id,
  });
  expect(JSON.stringify(recorder.spans())).not.toContain('Tea');
});

test("A tick is nobody's child: it begins a trace and links to every context that it served.", async () => {
  const parley = await start();
  const debates = await Promise.all([ask(parley, 2), ask(parley, 2), ask(parley, 2)]);
  for (const { id } of debates) await createApi(parley.url).untilClosed(id);
  await parley.stop();
  const spans = recorder.spans();
  const ticks = spans.filter(isTick);
  const traces = new Set(debates.map(({ traceId }) => traceId));
  expect(new Set(ticks.map((span) => span.name))).toEqual(
    new Set(['tick gateway', 'tick moderator', 'tick debater-a', 'tick debater-b']),
  );
  for (const tick of ticks) {
    expect([tick.parentSpanId, traces.has(tick.traceId), tick.links.length > 0]).toEqual([undefined, false, true]);
  }
  // Who handles a message or makes an attempt is served by exactly one tick.
  const served = spans.filter(({ name }) => /^(process|effect) /.test(name)).map(({ spanId }) => spanId);
  expect(ticks.flatMap((tick) => tick.links).sort()).toEqual(served.sort());
});

test('After a restart in the middle the same trace goes on.', async () => {
  const first = await start(50);
  const { id, traceId } = await ask(first, 3);
  await createApi(first.url).until(id, (view) => view.turns.length >= 2);
  await first.stop();
  const before = recorder.spans().length;
  const second = await start(0);
  const view = await createApi(second.url).untilClosed(id);
  await second.stop();
  expect(view.turns).toHaveLength(6);
  const spans = recorder.spans().filter((span) => !isTick(span));
  expect(spans.length).toBeGreaterThan(before);
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const known = new Set(spans.map((span) => span.spanId));
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !known.has(parentSpanId));
  expect(roots.map(labelOf)).toEqual(['POST /v1/debates CLIENT']);
  expect(spans.filter(({ name }) => name === 'chat rehearsal').length).toBeGreaterThanOrEqual(7);
});

test('What is logged while an effect runs names its trace and the span that is open.', async () => {
  const parley = await start();
  const { id, traceId } = await ask(parley, 1);
  await createApi(parley.url).untilClosed(id);
  await parley.stop();
  const spans = new Set(recorder.spans().map((span) => span.spanId));
  const answered = log.filter((line) => line.type === 'answered');
  // Two turns, and the judge in both orders of the sides.
  expect(answered).toHaveLength(4);
  for (const line of answered) expect([line.trace_id, spans.has(String(line.span_id))]).toEqual([traceId, true]);
});
