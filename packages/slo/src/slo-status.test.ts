import { expect, test } from '@jest/globals';
import { countedEvents, type Sample } from './counted.ts';
import { readSloFolder } from './folder.ts';
import { sloStatusOf } from './slo-status.ts';

const slos = readSloFolder();
const slo = (id: string) => {
  const found = slos.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const counts = (samples: readonly Sample[]) => ({ metrics: ['parley_http_request_seconds'], samples });
const request = (route: string, status: string, value: number, audience = 'product'): Sample => ({
  name: 'parley_http_request_seconds_count',
  labels: { method: 'GET', route, status, audience },
  value,
});

test('what the queries take rates of is summed: by equality, pattern and negation', () => {
  const samples = [
    request('/v1/debates', '202', 990),
    request('/v1/debates/:id', '500', 7),
    request('/v1/usage', '503', 3),
    request('/v1/usage', 'aborted', 50),
    request('/mcp', '200', 60),
    request('/v1/*', '503', 4),
    request('/a2a/:agent', '500', 6),
    request('/livez', '500', 50),
    request('none', '404', 50),
    request('/v1extra', '500', 50),
    request('/v1/debates', '500', 50, 'probe'),
  ];
  expect(countedEvents(slo('gateway-availability'), counts(samples))).toEqual({ bad: 20, total: 1_070 });
});

test('good events are taken from all; a bucket is a series like any other', () => {
  const of = (name: string, value: number, le?: string): Sample => ({
    name: `parley_http_request_seconds_${name}`,
    labels: { method: 'POST', route: '/v1/debates', status: '202', audience: 'product', ...(le && { le }) },
    value,
  });
  const samples = [of('count', 200), of('bucket', 150, '0.5'), of('bucket', 180, '1')];
  expect(countedEvents(slo('gateway-accept-latency'), counts(samples))).toEqual({ bad: 50, total: 200 });
});

test('what a process measures and nothing has happened to is zero', () => {
  expect(countedEvents(slo('gateway-availability'), counts([]))).toEqual({ bad: 0, total: 0 });
});

test('a process that does not count something says so, and where it is counted', () => {
  const unknown = (id: string, samples: Sample[]) =>
    (countedEvents(slo(id), counts(samples)) as { unknown: string }).unknown;
  expect(unknown('debater-a-turn-success', [])).toMatch(/does not count it.*PARLEY_PROMETHEUS_URL/);
  const other = { service: 'moderator', type: 'think', outcome: 'succeeded', audience: 'product' };
  expect(unknown('debater-a-turn-success', [{ name: 'parley_effect_seconds_count', labels: other, value: 1 }])).toMatch(
    /does not count it/,
  );
  expect(unknown('synthetic-probe-freshness', [])).toMatch(/measured over time.*PARLEY_PROMETHEUS_URL/);
});

test('every objective over counters can be counted in one process', () => {
  const counters = slos.filter(({ indicator }) => indicator.isCounter);
  const forms = counters.map((one) => countedEvents(one, counts([])) as { unknown: string });
  expect(counters.length).toBeGreaterThan(8);
  expect(forms.filter(({ unknown }) => /over time/.test(unknown))).toEqual([]);
});

test.each([
  ['ok', { whole: 0.0005, windows: { '5m': 0, '1h': 0.0005 } }, 0.5],
  ['burning', { whole: 0.0005, windows: { '5m': 0.02, '1h': 0.02 } }, 0.5],
  ['ok', { whole: 0.0005, windows: { '5m': 0.02, '1h': 0.001 } }, 0.5],
  ['exhausted', { whole: 0.001, windows: {} }, 0],
  ['exhausted', { whole: 0.003, windows: {} }, -2],
] as const)('an objective of 99.9 %% is %s with %j', (status, measured, left) => {
  expect(sloStatusOf(slo('gateway-availability'), measured)).toMatchObject({ status, budgetLeft: left });
});

test('how fast the budget was spent is told window by window', () => {
  const { burnRates, sli } = sloStatusOf(slo('gateway-availability'), {
    whole: 0.0005,
    windows: { '1h': 0.002, '5m': 0.0144 },
  });
  expect(burnRates).toEqual([
    { window: '5m', rate: 14.4 },
    { window: '1h', rate: 2 },
  ]);
  expect(sli).toBe(0.9995);
});

test('what is not known has its reason and no number', () => {
  expect(sloStatusOf(slo('gateway-availability'), { unknown: 'Prometheus is away.' })).toMatchObject({
    status: 'unknown',
    reason: 'Prometheus is away.',
    sli: null,
    budgetLeft: null,
    burnRates: [],
  });
});
