import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import { discoverModel } from '@parley/model';
import { silentLogger } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import { until, whyMissing } from '@parley/testkit';
import {
  cacheDir,
  findPrometheus,
  freePort,
  postgresDown,
  postgresKill9,
  postgresUp,
  prometheusDown,
  prometheusUp,
} from '@parley/tools';
import { parse, stringify } from 'yaml';
import { openWebhook, type RunningAlertmanager, startAlertmanager, type Webhook } from '../src/alertmanager.ts';
import { runbooks, writePromptRules } from '../src/prompt-rules.ts';

const name = `test-alerts-${process.pid}`;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const getting = findPrometheus(cacheDir(process.env), process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
const missing = await whyMissing('prometheus', getting);
const scratch = mkdtempSync(join(tmpdir(), 'parley-alerts-'));

/** The stack's own settings, with somebody to tell, who is told at once instead of in half a minute, or in five. */
function settingsFor(webhook: Webhook): string {
  const stack = parse(readFileSync(join(root, 'k8s/observability/stack/config/alertmanager.yaml'), 'utf8'));
  const file = join(scratch, 'alertmanager.yaml');
  const { route, receivers } = stack as { route: { receiver: string }; receivers: { name: string }[] };
  const told = { webhook_configs: [{ url: webhook.url, send_resolved: true }] };
  const settings = {
    route: { ...route, group_wait: '1s', group_interval: '1s' },
    receivers: receivers.map((one) => (one.name === route.receiver ? { ...one, ...told } : one)),
  };
  writeFileSync(file, stringify(settings));
  return file;
}

(missing === undefined ? describe : describe.skip)('with a real Prometheus and a real Alertmanager,', () => {
  let parley: Embedded;
  let webhook: Webhook;
  let alertmanager: RunningAlertmanager;

  beforeAll(async () => {
    const { url } = await postgresUp({ name, isFast: true });
    const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
    parley = await createEmbedded({
      db: openPostgres({ url }),
      discovery,
      logger: silentLogger,
      port: 0,
      host: '127.0.0.1',
    });
    webhook = await openWebhook();
    const { alertmanager: program } = await getting;
    alertmanager = await startAlertmanager(program, settingsFor(webhook), scratch, await freePort(0));
    mkdirSync(join(scratch, 'rules'));
    await prometheusUp({
      name,
      targets: [new URL(parley.url).host],
      rules: [writePromptRules(join(scratch, 'rules'))],
      scrapeSeconds: 1,
      alertmanagers: [alertmanager.address],
    });
  }, 240_000);
  afterAll(async () => {
    await prometheusDown({ name, isPurged: true });
    await alertmanager?.stop();
    webhook?.close();
    await parley?.stop();
    await postgresDown({ name, isPurged: true });
    rmSync(scratch, { recursive: true });
  }, 120_000);

  const ask = async (path: string): Promise<number> => {
    const answer = await fetch(parley.url + path);
    await answer.arrayBuffer();
    return answer.status;
  };
  const pages = (status: 'firing' | 'resolved') =>
    webhook.received.flatMap(({ groupLabels, alerts }) =>
      alerts
        .filter((one) => one.status === status && one.labels.severity === 'page')
        .filter(({ labels }) => labels.alertname === 'AvailabilityBudgetBurn')
        .map((alert) => ({ groupLabels, ...alert })),
    );

  test('who is on duty is paged with a runbook when the database dies under the API, and hears when it is over.', async () => {
    const served = async () => {
      for (let count = 0; count < 20; count += 1) expect(await ask('/v1/models')).toBe(200);
    };
    await served();
    expect(await ask('/v1/debates')).toBe(200);
    await postgresKill9({ name });
    await until(
      'the page has come',
      () => pages('firing').length > 0,
      120_000,
      async () => {
        expect(await ask('/v1/debates')).toBe(503);
        // A few are enough, and good ones have to outnumber them afterwards.
        await new Promise((resolve) => setTimeout(resolve, 250));
      },
    );
    const [page] = pages('firing');
    expect(page).toMatchObject({
      groupLabels: { alertname: 'AvailabilityBudgetBurn', service: 'gateway' },
      labels: { sloth_id: 'gateway-availability', severity: 'page' },
      annotations: { summary: 'gateway availability: the error budget burns too fast.' },
    });
    const address = page?.annotations.runbook_url ?? '';
    expect(address.startsWith(`${runbooks}/`)).toBe(true);
    expect(existsSync(join(root, new URL(address).pathname))).toBe(true);

    await postgresUp({ name, isFast: true });
    await until('it serves again', async () => (await ask('/v1/debates')) === 200, 60_000);
    expect(pages('resolved')).toEqual([]);
    // The share of bad requests in the windows falls with each good one.
    await until('the page is over', () => pages('resolved').length > 0, 180_000, served);
    const [over] = pages('resolved');
    expect(over?.labels).toEqual(page?.labels);
  }, 400_000);
});
