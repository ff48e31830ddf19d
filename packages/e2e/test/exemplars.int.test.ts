import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import { discoverModel } from '@parley/model';
import { silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { until, whyMissing } from '@parley/testkit';
import { cacheDir, findPrometheus, prometheusDown, prometheusUp } from '@parley/tools';
import { createApi } from '../src/api.ts';
import { recordSpans } from './span-recorder.ts';

const name = `test-exemplars-${process.pid}`;
const getting = findPrometheus(cacheDir(process.env), process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
const missing = await whyMissing('prometheus', getting);
const recorder = recordSpans();

interface Exemplar {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly { readonly labels: { readonly trace_id?: string }; readonly value: string }[];
}

(missing === undefined ? describe : describe.skip)('with a real Prometheus that scrapes a traced Parley,', () => {
  let parley: Embedded;
  let prometheus: string;
  let startedAt: number;

  beforeAll(async () => {
    startedAt = Date.now() / 1_000;
    const db = await openEmbedded({});
    const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
    parley = await createEmbedded({ db, discovery, logger: silentLogger, port: 0, host: '127.0.0.1' });
    prometheus = (await prometheusUp({ name, targets: [new URL(parley.url).host], scrapeSeconds: 1 })).url;
  }, 120_000);
  afterAll(async () => {
    await prometheusDown({ name, isPurged: true });
    await parley?.stop();
  }, 60_000);

  async function exemplarsOf(query: string): Promise<Exemplar[]> {
    const window = { start: String(startedAt - 60), end: String(Date.now() / 1_000 + 60) };
    const answer = await fetch(`${prometheus}/api/v1/query_exemplars?${new URLSearchParams({ query, ...window })}`);
    return ((await answer.json()) as { data: Exemplar[] }).data;
  }
  const openMetrics = async () => {
    const headers = { accept: 'application/openmetrics-text' };
    return (await fetch(`${parley.url}/metrics`, { headers })).text();
  };

  test('a bucket of latency names the trace of the request that fell into it, and one of turns its debate.', async () => {
    const traceId = `${'a'.repeat(31)}1`;
    const headers = { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
    const api = createApi(parley.url);
    const { body } = await api.post<{ id: string }>('/v1/debates', { topic: 'Tea', maxRounds: 1 }, headers);
    await api.untilClosed(body.id);
    const named = async (query: string) =>
      (await exemplarsOf(query)).some(({ exemplars }) => exemplars.some(({ labels }) => labels.trace_id === traceId));
    const accepted = 'parley_http_request_seconds_bucket{method="POST",route="/v1/debates",status="202"}';
    await until('the request is named', () => named(accepted), 60_000);
    const turns = 'parley_effect_seconds_bucket{type="think",outcome="succeeded",audience="product"}';
    await until('a turn is named', () => named(turns), 60_000);
    expect(recorder.spans().filter((span) => span.traceId === traceId).length).toBeGreaterThan(0);
  }, 180_000);

  test('a trace that is not kept is not named.', async () => {
    const traceId = 'c'.repeat(32);
    await fetch(`${parley.url}/v1/slos`, { headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-00` } });
    expect(await openMetrics()).not.toContain(traceId);
  });

  test('a thousand requests leave one exemplar a bucket of their route.', async () => {
    for (let count = 0; count < 1_000; count += 1) {
      const id = count.toString(16).padStart(32, 'd');
      const headers = { traceparent: `00-${id}-${'b'.repeat(16)}-01` };
      await (await fetch(`${parley.url}/v1/models`, { headers })).arrayBuffer();
    }
    const lines = (await openMetrics()).split('\n').filter((line) => line.includes('route="/v1/models"'));
    const named = lines.filter((line) => line.includes('# {trace_id="ddd'));
    expect(named.length).toBeGreaterThan(0);
    expect(named.length).toBeLessThanOrEqual(12);
  });
});
