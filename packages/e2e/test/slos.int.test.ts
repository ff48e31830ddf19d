import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { upEnv } from '@parley/cli/config.ts';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import type { SlosView } from '@parley/contracts/http';
import { discoverModel } from '@parley/model';
import { readEnv, silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { until, whyMissing } from '@parley/testkit';
import { cacheDir, findPrometheus, prometheusDown, prometheusUp } from '@parley/tools';
import { createApi } from '../src/api.ts';

const name = `test-slos-${process.pid}`;
const getting = findPrometheus(cacheDir(process.env), process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
const missing = await whyMissing('prometheus', getting);
const scratch = mkdtempSync(join(tmpdir(), 'parley-slos-'));

/** What the generated rules would record after days, at once. */
const record = (id: string, window: string, ratio: number) =>
  `      - record: slo:sli_error:ratio_rate${window}
        expr: vector(${ratio})
        labels: { sloth_id: ${id}, sloth_window: ${window} }
`;
const rules = [
  record('gateway-availability', '30d', 0.0005),
  record('gateway-availability', '5m', 0.02),
  record('gateway-availability', '1h', 0.02),
  record('debate-completion', '30d', 0.02),
].join('');

(missing === undefined ? describe : describe.skip)('with a real Prometheus,', () => {
  let parley: Embedded;
  let url: string;
  let slos: () => Promise<SlosView>;

  beforeAll(async () => {
    writeFileSync(join(scratch, 'rules.yaml'), `groups:\n  - name: slos\n    interval: 1s\n    rules:\n${rules}`);
    ({ url } = await prometheusUp({ name, targets: [], rules: [join(scratch, '*.yaml')], scrapeSeconds: 1 }));
    const recorded = async () => {
      const query = new URLSearchParams({ query: 'count({__name__=~"slo:sli_error:.+"})' });
      const { data } = (await (await fetch(`${url}/api/v1/query?${query}`)).json()) as { data: { result: unknown[] } };
      return data.result.length > 0;
    };
    await until('the rules were evaluated', recorded, 60_000);
    const db = await openEmbedded({});
    const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
    const degradation = [{ slo: 'debate-completion', budgetBelow: 0, maxRounds: 2 }];
    const env = readEnv(upEnv, { PARLEY_PROMETHEUS_URL: url, PARLEY_DEGRADATION: JSON.stringify(degradation) });
    parley = await createEmbedded({ db, discovery, logger: silentLogger, port: 0, host: '127.0.0.1', env });
    slos = async () => (await createApi(parley.url).json<SlosView>('/v1/slos')).body;
  }, 240_000);
  afterAll(async () => {
    await parley?.stop();
    await prometheusDown({ name, isPurged: true });
    rmSync(scratch, { recursive: true });
  }, 120_000);

  test('objectives stand as its recording rules say.', async () => {
    const view = await slos();
    const find = (id: string) => view.slos.find((slo) => slo.id === id);
    expect(view.source).toBe('prometheus');
    const burnRates = [
      { window: '5m', rate: 20 },
      { window: '1h', rate: 20 },
    ];
    expect(find('gateway-availability')).toMatchObject({ status: 'burning', budgetLeft: 0.5, burnRates });
    expect(find('debate-completion')).toMatchObject({ status: 'exhausted', budgetLeft: -1, sli: 0.98 });
    expect(find('moderator-judge-success')).toMatchObject({ status: 'unknown', budgetLeft: null });
  });

  test('a spent budget makes the next debate smaller.', async () => {
    const { body } = await createApi(parley.url).post<object>('/v1/debates', { topic: 'Tea', maxRounds: 5 });
    expect(body).toMatchObject({ maxRounds: 2, degraded: { slo: 'debate-completion', budgetLeft: -1 } });
  });

  test('away, it leaves every objective unknown and the answer a 200.', async () => {
    await prometheusDown({ name });
    const { status, body } = await createApi(parley.url).json<SlosView>('/v1/slos');
    expect(status).toBe(200);
    expect(body.slos.length).toBeGreaterThan(8);
    for (const slo of body.slos)
      expect(slo).toMatchObject({ status: 'unknown', reason: expect.stringContaining('does not answer') });
  }, 120_000);
});
