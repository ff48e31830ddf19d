import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { ParleyError, probeTenant } from '@parley/contracts';
import { until } from '@parley/testkit';
import { Registry } from 'prom-client';
import { measureModel, measurePrompts, measureSpine, setCaller, silentLogger } from '../src/index.ts';
import { served } from './served.ts';

const samples = async (registry: Registry, name: string): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));

test('Requests are timed by method, route pattern and status, whatever the client makes up.', async () => {
  const { url, registry } = await served((router) => {
    router.get('/things/:id', (_request, response) => void response.json({}));
    router.post('/things', () => {
      throw new ParleyError('BAD_REQUEST', 'x');
    });
  });
  for (const path of ['/things/1', '/things/2?x=3', '/elsewhere', '/livez']) await (await fetch(url + path)).text();
  await fetch(`${url}/things`, { method: 'POST' });
  await fetch(`${url}/things`, { method: 'PROPFIND' });
  expect(await samples(registry, 'parley_http_request_seconds_count')).toEqual([
    'parley_http_request_seconds_count{method="GET",route="/things/:id",status="200",audience="product"} 2',
    'parley_http_request_seconds_count{method="GET",route="none",status="404",audience="product"} 1',
    'parley_http_request_seconds_count{method="GET",route="/livez",status="200",audience="product"} 1',
    'parley_http_request_seconds_count{method="POST",route="/things",status="400",audience="product"} 1',
    'parley_http_request_seconds_count{method="OTHER",route="none",status="404",audience="product"} 1',
  ]);
  const buckets = await samples(registry, 'parley_http_request_seconds_bucket{le="10",method="GET",route="/livez"');
  expect(buckets).toHaveLength(1);
});

test('What is asked to see whether it works is another audience.', async () => {
  const { url, registry } = await served((router) => {
    router.get('/things/:tenant', (request, response) => {
      setCaller(response, { tenant: request.params.tenant, subject: 'x', scopes: new Set() });
      response.json({});
    });
  });
  for (const tenant of [probeTenant, 'acme']) await fetch(`${url}/things/${tenant}`);
  expect(await samples(registry, 'parley_http_request_seconds_count')).toEqual([
    'parley_http_request_seconds_count{method="GET",route="/things/:tenant",status="200",audience="probe"} 1',
    'parley_http_request_seconds_count{method="GET",route="/things/:tenant",status="200",audience="product"} 1',
  ]);
});

test('A stream counts once, when it begins; a client that leaves before the answer counts as aborted.', async () => {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const { url, port, registry } = await served((router) => {
    router.get('/stream', (_request, response) => {
      response.flushHeaders();
      response.write('data: 1\n\n');
    });
    router.get('/never', () => reach());
  });
  const leaving = new AbortController();
  await fetch(`${url}/stream`, { signal: leaving.signal });
  const name = 'parley_http_request_seconds_count';
  const stream = `${name}{method="GET",route="/stream",status="200",audience="product"} 1`;
  expect(await samples(registry, name)).toEqual([stream]);
  leaving.abort();
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n');
  await reached;
  socket.destroy();
  await until('it is noticed', async () => (await samples(registry, name)).length === 2);
  expect(await samples(registry, name)).toEqual([
    stream,
    `${name}{method="GET",route="/never",status="aborted",audience="product"} 1`,
  ]);
});

test('A scraper that takes OpenMetrics is sent it; the names of counters stay what they are.', async () => {
  const { url, registry } = await served(() => {});
  const hooks = measureSpine(registry, 'moderator', silentLogger);
  hooks.onTrouble('sending', new Error('away'));
  const page = async (accept: string) => {
    const answer = await fetch(`${url}/metrics`, { headers: { accept } });
    return { type: answer.headers.get('content-type'), text: await answer.text() };
  };
  const plain = await page('text/plain');
  const open = await page('application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
  expect(plain.type).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(open.text).toMatch(/\n# EOF\n$/);
  expect(open.text).toContain('# TYPE parley_troubles counter\n');
  const sample = 'parley_troubles_total{service="moderator"} 1\n';
  for (const { text } of [plain, open, await page('*/*')]) expect(text).toContain(sample);
  expect(plain.text).toContain('# TYPE parley_troubles_total counter\n');
  const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
  expect(names).toContain('parley_troubles_total');
});

test('Two servers share one registry.', async () => {
  const registry = new Registry();
  for (const { url } of [await served(() => {}, { registry }), await served(() => {}, { registry })])
    await fetch(`${url}/livez`);
  expect(await samples(registry, 'parley_http_request_seconds_count')).toEqual([
    'parley_http_request_seconds_count{method="GET",route="/livez",status="200",audience="product"} 2',
  ]);
});

test('The spines of several services share one registry, each under its name.', async () => {
  const registry = new Registry();
  const tick = { streams: 2, inputs: 3, events: 4, duplicates: 1, fenced: 0, parked: 0, isFromCache: true, ms: 5 };
  for (const service of ['moderator', 'debater-a']) {
    const hooks = measureSpine(registry, service, silentLogger);
    hooks.onTick({ ...tick, refused: new Map([['OUT_OF_TURN', 2]]) });
    hooks.onEffect({ type: 'judge', tenant: 'default', outcome: 'succeeded', ms: 100 });
    hooks.onRelayed({ topic: 'parley.debate.events', messages: 4 });
    hooks.onTrouble('sending', new Error('away'));
    hooks.onLeaseLost({ stream: 's', key: 'k' });
  }
  expect(await samples(registry, 'parley_events_total')).toEqual([
    'parley_events_total{service="moderator"} 4',
    'parley_events_total{service="debater-a"} 4',
  ]);
  expect(await samples(registry, 'parley_refusals_total')).toContain(
    'parley_refusals_total{service="debater-a",code="OUT_OF_TURN"} 2',
  );
  expect(await samples(registry, 'parley_ticks_from_memory_total')).toEqual([
    'parley_ticks_from_memory_total{service="moderator"} 1',
    'parley_ticks_from_memory_total{service="debater-a"} 1',
  ]);
  expect(await samples(registry, 'parley_tick_seconds_sum')).toContain(
    'parley_tick_seconds_sum{service="moderator"} 0.005',
  );
});

test('Model events are counted by type, tokens by configured model; a name that a user chose is "other".', async () => {
  const registry = new Registry();
  const onEvent = measureModel(registry, ['qwen3:4b']);
  const result = { inputTokens: 100, outputTokens: 20 };
  onEvent({ type: 'answered', model: 'qwen3:4b', result });
  onEvent({ type: 'answered', model: 'made-up-by-a-user', result });
  onEvent({ type: 'fell-back' });
  measureModel(registry)({ type: 'fell-back' });
  expect(await samples(registry, 'parley_model_events_total')).toEqual([
    'parley_model_events_total{type="answered"} 2',
    'parley_model_events_total{type="fell-back"} 2',
  ]);
  expect(await samples(registry, 'parley_model_tokens_total')).toEqual([
    'parley_model_tokens_total{model="qwen3:4b",direction="input"} 100',
    'parley_model_tokens_total{model="qwen3:4b",direction="output"} 20',
    'parley_model_tokens_total{model="other",direction="input"} 100',
    'parley_model_tokens_total{model="other",direction="output"} 20',
  ]);
});

test('Thoughts and odd answers are counted, and a count that is none is 0 instead of a failure.', async () => {
  const registry = new Registry();
  const onEvent = measureModel(registry, ['qwen3:4b']);
  const model = 'qwen3:4b';
  onEvent({
    type: 'answered',
    model,
    result: { inputTokens: 9, outputTokens: 9, reasoningTokens: 7, oddities: ['cut'] },
  });
  for (const odd of [-5, Number.NaN, Number.POSITIVE_INFINITY, '12' as unknown as number]) {
    onEvent({ type: 'answered', model, result: { inputTokens: odd, outputTokens: odd, reasoningTokens: odd } });
    onEvent({ type: 'first-token', model, afterMs: odd });
  }
  expect(await samples(registry, 'parley_model_reasoning_tokens_total')).toEqual([
    'parley_model_reasoning_tokens_total{model="qwen3:4b"} 7',
  ]);
  expect(await samples(registry, 'parley_model_odd_answers_total')).toEqual([
    'parley_model_odd_answers_total{oddity="cut"} 1',
  ]);
  expect(await samples(registry, 'parley_model_tokens_total')).toEqual([
    'parley_model_tokens_total{model="qwen3:4b",direction="input"} 9',
    'parley_model_tokens_total{model="qwen3:4b",direction="output"} 9',
  ]);
});

test('The time to the first word is kept by configured model.', async () => {
  const registry = new Registry();
  const onEvent = measureModel(registry, ['qwen3:4b']);
  onEvent({ type: 'first-token', model: 'qwen3:4b', afterMs: 300 });
  onEvent({ type: 'first-token', model: 'made-up-by-a-user', afterMs: 500 });
  onEvent({ type: 'timed-out', model: 'qwen3:4b', afterMs: 9_000 });
  expect(await samples(registry, 'parley_model_first_token_seconds_sum')).toEqual([
    'parley_model_first_token_seconds_sum{model="qwen3:4b"} 0.3',
    'parley_model_first_token_seconds_sum{model="other"} 0.5',
  ]);
});

const nothing = {
  inputs: 0,
  oldestInputSeconds: undefined,
  effects: 0,
  oldestEffectSeconds: undefined,
  outbox: 3,
  oldestOutboxSeconds: 1.5,
  parkedStreams: 0,
  suspects: 0,
  waitingStreams: 0,
};

test('The backlog is read when it is asked for, and not again for every scrape.', async () => {
  const { url, registry } = await served(() => {});
  let readings = 0;
  const read = async () => {
    readings += 1;
    return nothing;
  };
  measureSpine(registry, 'moderator', silentLogger).onOpen(read, []);
  for (let i = 0; i < 3; i += 1) expect((await fetch(`${url}/metrics`)).status).toBe(200);
  expect(readings).toBe(1);
  const series = ['parley_outbox_rows', 'parley_outbox_oldest_age_seconds', 'parley_effect_oldest_age_seconds'];
  const lines = await Promise.all(series.map((name) => samples(registry, name)));
  expect(lines.flat()).toEqual([
    'parley_outbox_rows{service="moderator"} 3',
    'parley_outbox_oldest_age_seconds{service="moderator"} 1.5',
    'parley_effect_oldest_age_seconds{service="moderator"} 0',
  ]);
});

test.each([
  ['refuses', () => Promise.reject(new Error('away'))],
  [
    'throws',
    () => {
      throw new Error('away');
    },
  ],
  ['never answers', () => new Promise<never>(() => {})],
])('A database that %s fails no scrape, and leaves no number that may not be true.', async (_what, read) => {
  const { url, registry } = await served(() => {});
  measureSpine(registry, 'moderator', silentLogger).onOpen(read, []);
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).not.toContain('parley_outbox_rows{');
  expect(text).toContain('parley_backlog_read_failures_total{service="moderator"} 1\n');
});

test('Prompts are measured by model; a cut is counted, from zero on, and models that users name are one.', async () => {
  const registry = new Registry();
  const measure = measurePrompts(registry, ['qwen3:4b']);
  expect(await samples(registry, 'parley_prompt_truncations_total{')).toEqual([
    'parley_prompt_truncations_total{model="qwen3:4b"} 0',
    'parley_prompt_truncations_total{model="other"} 0',
  ]);
  measure({ model: 'qwen3:4b', ratio: 1.1, isCut: false });
  measurePrompts(registry, ['qwen3:4b'])({ model: 'mine', ratio: 0.4, isCut: true });
  expect(await samples(registry, 'parley_prompt_truncations_total{model="other"}')).toEqual([
    'parley_prompt_truncations_total{model="other"} 1',
  ]);
  expect(await samples(registry, 'parley_prompt_tokens_ratio_sum')).toEqual([
    'parley_prompt_tokens_ratio_sum{model="qwen3:4b"} 1.1',
    'parley_prompt_tokens_ratio_sum{model="other"} 0.4',
  ]);
});
