import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type SlosView, slosView } from '@parley/contracts/http';
import { type Database, openEmbedded } from '@parley/spine';
import { type Ratio, startFakePrometheus } from './fake-prometheus.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

let db: Database;
beforeAll(async () => {
  db = await openEmbedded();
});
afterAll(() => db.close());
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function gatewayWith(prometheusUrl?: string): Promise<RunningGateway> {
  const gateway = await startGateway(db, { prometheusUrl });
  running.push(gateway);
  return gateway;
}
async function prometheus(says: readonly Ratio[] | string | number) {
  const server = await startFakePrometheus(says);
  running.push(server);
  return server;
}
async function slosOf(gateway: RunningGateway): Promise<SlosView> {
  const { status, json } = await gateway.get('/v1/slos');
  expect(status).toBe(200);
  return slosView.parse(json);
}
const find = ({ slos }: SlosView, id: string) => slos.find((one) => one.id === id);

test('Without Prometheus an objective stands as this process has counted, and says since when.', async () => {
  const gateway = await gatewayWith();
  expect(find(await slosOf(gateway), 'gateway-accept-latency')).toMatchObject({
    status: 'unknown',
    reason: 'Nothing of it has happened since this process began.',
  });
  for (let i = 0; i < 3; i += 1) await gateway.debate();
  const view = await slosOf(gateway);
  expect(view.source).toBe('process');
  expect(Date.parse(view.since ?? '')).toBeLessThanOrEqual(Date.now());
  expect(find(view, 'gateway-availability')).toMatchObject({
    status: 'ok',
    objective: 0.999,
    sli: 1,
    budgetLeft: 1,
    windowDays: 30,
    runbook: expect.stringMatching(/^docs\/runbooks\/.+\.md$/),
  });
  expect(find(view, 'debater-a-turn-success')).toMatchObject({
    status: 'unknown',
    reason: expect.stringMatching(/does not count it.*PARLEY_PROMETHEUS_URL/),
  });
});

test('With Prometheus its recording rules say how they stand, all in one query.', async () => {
  const { url, asked } = await prometheus([
    ['gateway-availability', '30d', '0.0005'],
    ['gateway-availability', '5m', '0.02'],
    ['gateway-availability', '1h', '0.02'],
    ['debate-completion', '30d', '0.03'],
    ['debate-completion', '5m', '0'],
    ['gateway-accept-latency', '5m', '0'],
    ['moderator-judge-success', '30d', 'NaN'],
  ]);
  const view = await slosOf(await gatewayWith(url));
  expect(view.source).toBe('prometheus');
  expect(view.since).toBeUndefined();
  expect(find(view, 'gateway-availability')).toMatchObject({
    status: 'burning',
    budgetLeft: 0.5,
    sli: 0.9995,
    burnRates: [
      { window: '5m', rate: 20 },
      { window: '1h', rate: 20 },
    ],
  });
  expect(find(view, 'debate-completion')).toMatchObject({ status: 'exhausted', budgetLeft: -2 });
  for (const id of ['gateway-accept-latency', 'moderator-judge-success']) {
    expect(find(view, id)).toMatchObject({ status: 'unknown', reason: expect.stringContaining('its rules are not') });
  }
  expect(asked).toEqual(['/api/v1/query {__name__=~"slo:sli_error:ratio_rate.+"}']);
});

test.each<[string, string | number, RegExp]>([
  ['refuses', 503, /does not answer: it answered 503/],
  ['is something else', '<html>Welcome</html>', /does not answer|is no Prometheus/],
  ['answers something else', '{"data": 1}', /is no Prometheus/],
])('A Prometheus that %s leaves every objective unknown, with the reason.', async (_what, says, reason) => {
  const { url } = await prometheus(says);
  const { slos } = await slosOf(await gatewayWith(url));
  expect(slos.length).toBeGreaterThan(8);
  for (const slo of slos) expect(slo).toMatchObject({ status: 'unknown', reason: expect.stringMatching(reason) });
});

test('A Prometheus that is away is no fault of the gateway.', async () => {
  const { url, stop } = await startFakePrometheus([]);
  await stop();
  const { slos } = await slosOf(await gatewayWith(url));
  for (const slo of slos) expect(slo).toMatchObject({ status: 'unknown', reason: expect.stringContaining(url) });
});
