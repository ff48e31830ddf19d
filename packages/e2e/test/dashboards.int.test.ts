import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { upEnv } from '@parley/cli/config.ts';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import { boards } from '@parley/dashboards';
import { discoverModel } from '@parley/model';
import { readEnv, silentLogger } from '@parley/runtime';
import { readSloFolder } from '@parley/slo';
import { openEmbedded } from '@parley/spine';
import { until, whyMissing } from '@parley/testkit';
import { cacheDir, findPrometheus, prometheusDown, prometheusUp } from '@parley/tools';
import { createApi } from '../src/api.ts';
import { agents } from '../src/cluster/agents.ts';
import { writePromptRules } from '../src/prompt-rules.ts';

const name = `test-${process.pid}`;
const scratch = mkdtempSync(join(tmpdir(), 'parley-dashboards-'));
const slos = readSloFolder();
const panels = boards(slos, 'https://wiki.test').flatMap(({ title, rows }) =>
  rows.flatMap((row) => row.panels.flatMap((panel) => (panel.kind === 'text' ? [] : [{ board: title, panel }]))),
);
/** What Grafana puts in; the range holds samples of at least two scrapes. */
const values: Readonly<Record<string, string>> = {
  __rate_interval: '1m',
  slo: 'gateway-availability',
  input_price: '0.15',
  output_price: '0.6',
};
const getting = findPrometheus(cacheDir(process.env), process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
const missing = await whyMissing('prometheus', getting);

(missing === undefined ? describe : describe.skip)('with a real Prometheus that scrapes a Parley at work,', () => {
  let parley: Embedded;
  let url: string;

  beforeAll(async () => {
    const db = await openEmbedded({});
    const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
    const env = readEnv(upEnv, { PARLEY_PROBE_SECONDS: '2' });
    parley = await createEmbedded({ db, discovery, logger: silentLogger, port: 0, host: '127.0.0.1', env });
    const targets = [new URL(parley.url).host];
    const rules = [writePromptRules(scratch)];
    url = (await prometheusUp({ name, targets, rules, scrapeSeconds: 1 })).url;
  }, 120_000);
  afterAll(async () => {
    await prometheusDown({ name, isPurged: true });
    await parley?.stop();
    rmSync(scratch, { recursive: true });
  }, 60_000);

  /** How many numbers a query answers. */
  async function count(expr: string): Promise<number> {
    const query = expr.replaceAll(/\$(\w+)/g, (whole, variable: string) => values[variable] ?? whole);
    const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data, error } = (await answer.json()) as {
      data?: { result: { value: [number, string] }[] };
      error?: string;
    };
    if (data === undefined) throw new Error(`${query}: ${error}`);
    return data.result.filter(({ value }) => Number.isFinite(Number(value[1]))).length;
  }

  test('every query of every panel has data, or says why not', async () => {
    const api = createApi(parley.url);
    const needed = panels.filter(({ panel }) => panel.emptyBecause === undefined);
    let empty: string[] = [];
    const look = async () => {
      empty = [];
      for (const { board, panel } of needed)
        for (const { expr } of panel.queries)
          if ((await count(expr)) === 0) empty.push(`${board} / ${panel.title}: ${expr}`);
      return empty.length === 0;
    };
    // A query over thirty days has its data at the next full minute: until then one debate a scrape is enough.
    const debate = async () => {
      await api.untilClosed(await api.start({ topic: 'Tea', maxRounds: 1 }));
      await wait(1_000);
    };
    await until('all panels have data', look, 180_000, debate).catch(() => {});
    expect(empty).toEqual([]);
  }, 240_000);

  test('what may be empty is understood nevertheless', async () => {
    const rest = panels.filter(({ panel }) => panel.emptyBecause !== undefined);
    for (const { panel } of rest) for (const { expr } of panel.queries) await count(expr);
    expect(rest.length).toBeLessThan(panels.length / 4);
  });

  test('every objective has a ratio or nothing that happened, and its example series are those of the services', async () => {
    let unlike: string[] = [];
    const look = async () => {
      unlike = [];
      for (const { id, examples } of slos) {
        const total = await count(`slo:total_events:rate5m{sloth_id="${id}"}`);
        if (total !== 1) unlike.push(`${id}: ${total} totals`);
        // A healthy system has no 503; Prometheus 3 writes 20 as 20.0.
        const found = [...examples.good, ...examples.bad].map(({ series }) =>
          series.replace('status="503"', 'status!=""'),
        );
        for (const series of found)
          if ((await count(series.replace('le="20"', 'le=~"20|20[.]0"'))) === 0) unlike.push(`${id}: ${series}`);
      }
      return unlike.length === 0;
    };
    await until('all objectives have data', look, 120_000).catch(() => {});
    expect(unlike).toEqual([]);
  }, 180_000);

  test('what scales agents is one number, as KEDA asks for it and as an adapter does', async () => {
    const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
    const [, adapters = ''] = /metricsQuery: (.+)/.exec(read('docs/kubernetes.md')) ?? [];
    const kedas = [...read('k8s/components/keda/objects.yaml').matchAll(/query: (.+)/g)].map(([, query = '']) => query);
    const asked = agents.toSorted().map((service) => adapters.replaceAll('<<.LabelMatchers>>', `service="${service}"`));
    expect(asked).toEqual(kedas);
    for (const query of asked) expect(await count(query)).toBe(1);
  });

  test('every query of a runbook is understood', async () => {
    const pages = globSync(fileURLToPath(new URL('../../../docs/runbooks/*.md', import.meta.url)));
    const blocks = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/```promql\n(.*?)```/gs)]);
    const queries = blocks.flatMap(([, block = '']) => block.trim().split('\n'));
    expect(queries.length).toBeGreaterThan(pages.length / 2);
    for (const query of queries) await count(query);
  });

  test('no counter without a budget alerts', async () => {
    const alerts = 'StreamParked|DeadLetter|EffectOutcomeUnknown|PromptTruncated';
    expect(await count(`ALERTS{alertname=~"${alerts}"}`)).toBe(0);
  });

  test('a metric that nobody has is empty, and a query that is wrong is refused', async () => {
    expect(await count('sum(rate(parley_nothing_total[$__rate_interval]))')).toBe(0);
    await expect(count('sum(rate(parley_turns_total))')).rejects.toThrow(/expected type range vector/);
  });
});
