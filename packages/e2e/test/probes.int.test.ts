import { afterEach, expect, test } from '@jest/globals';
import { upEnv } from '@parley/cli/config.ts';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import type { UsageView } from '@parley/contracts/http';
import { discoverModel } from '@parley/model';
import { readEnv, silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { until } from '@parley/testkit';
import { createApi } from '../src/api.ts';

const running: Embedded[] = [];
afterEach(async () => {
  for (const parley of running.splice(0)) await parley.stop();
});

async function probing(model: string) {
  const db = await openEmbedded({});
  const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
  const env = readEnv(upEnv, { PARLEY_PROBE_SECONDS: '1', PARLEY_PROBE_MODEL: model });
  const parley = await createEmbedded({ db, discovery, logger: silentLogger, port: 0, host: '127.0.0.1', env });
  running.push(parley);
  async function value(name: string): Promise<number | undefined> {
    const lines = (await (await fetch(`${parley.url}/metrics`)).text()).split('\n');
    const line = lines.find((one) => one.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  }
  return { api: createApi(parley.url), value };
}

const succeeded = 'parley_probe_debates_total{result="succeeded"}';
const failed = 'parley_probe_debates_total{result="failed"}';

test('A probe is a debate over HTTP to its verdict, and no user sees or pays for it.', async () => {
  const { api, value } = await probing('rehearsal');
  await until('two probes have succeeded', async () => ((await value(succeeded)) ?? 0) >= 2, 120_000);
  expect(await value('parley_probe_last_success_timestamp_seconds')).toBeGreaterThan(1_700_000_000);
  expect(await value('parley_debates_ended_total{outcome="verdict",audience="probe"}')).toBeGreaterThanOrEqual(2);
  expect(await value('parley_debates_ended_total{outcome="verdict",audience="product"}')).toBe(0);
  const accepted = (audience: string) =>
    `parley_http_request_seconds_count{method="POST",route="/v1/debates",status="202",audience="${audience}"}`;
  expect(await value(accepted('probe'))).toBeGreaterThanOrEqual(2);
  expect(await value(accepted('product'))).toBeUndefined();
  const thought = (audience: string) =>
    `parley_effect_seconds_count{service="debater-a",type="think",outcome="succeeded",audience="${audience}"}`;
  expect(await value(thought('probe'))).toBeGreaterThanOrEqual(2);
  expect(await value(thought('product'))).toBe(0);
  expect(await value('parley_verdicts_total{outcome="contested"}')).toBe(0);
  expect((await api.json<{ debates: unknown[] }>('/v1/debates')).body.debates).toEqual([]);
  expect((await api.json<UsageView>('/v1/usage')).body.total).toMatchObject({ calls: 0, inputTokens: 0 });
}, 240_000);

test('Negative control: a probe whose debater has no model is a failure.', async () => {
  const { value } = await probing('ollama/none');
  await until('a probe has failed', async () => ((await value(failed)) ?? 0) >= 1, 120_000);
  expect(await value(succeeded)).toBe(0);
  expect(await value('parley_probe_last_success_timestamp_seconds')).toBe(0);
  expect(await value('parley_debates_ended_total{outcome="failed",audience="product"}')).toBe(0);
}, 240_000);
