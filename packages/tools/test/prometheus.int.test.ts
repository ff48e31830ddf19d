import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { until, whyMissing } from '@parley/testkit';
import { runCommand } from '../src/command.ts';
import { cacheDir, findPrometheus, prometheusDown, prometheusStatus, prometheusUp } from '../src/index.ts';
import { killTree } from '../src/process-table.ts';

const name = `test-${process.pid}`;
const home = cacheDir(process.env);
const program = fileURLToPath(new URL('../src/prometheus.ts', import.meta.url));
const getting = findPrometheus(home, process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
const missing = await whyMissing('prometheus', getting);

/** What a query answers: the first sample. */
async function ask(url: string, query: string): Promise<string | undefined> {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result[0]?.value[1];
}

(missing === undefined ? describe : describe.skip)('the throw-away Prometheus', () => {
  const page = createServer((_request, response) => response.end('parley_test_total 42\n'));
  afterAll(async () => {
    page.close();
    await prometheusDown({ name, isPurged: true });
  });

  test('scrapes what it is told to, once, whoever asks for it at the same time', async () => {
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const targets = [`127.0.0.1:${(page.address() as { port: number }).port}`];
    const options = { name, targets, scrapeSeconds: 1 };
    const [up, again] = await Promise.all([prometheusUp(options), prometheusUp(options)]);
    expect(again).toEqual(up);
    expect(await prometheusStatus({ name })).toEqual(up);
    await until('its page was read', async () => (await ask(up.url, 'parley_test_total')) === '42');
  });

  test('keeps port and samples over a crash and over down, and leaves nothing after a purge', async () => {
    const { url, pid } = await prometheusUp({ name, targets: [] });
    await killTree(pid);
    expect(await prometheusStatus({ name })).toBeUndefined();
    const again = await prometheusUp({ name, targets: [] });
    expect(again.url).toBe(url);
    await prometheusDown({ name });
    await prometheusUp({ name, targets: [] });
    expect(await ask(url, 'last_over_time(parley_test_total[1h])')).toBe('42');
    await prometheusDown({ name, isPurged: true });
    expect(existsSync(join(home, 'prometheus', name))).toBe(false);
  });

  test('says why it ended when a rule file is none', async () => {
    const wrong = prometheusUp({ name, targets: [], rules: [program] });
    await expect(wrong).rejects.toMatchObject({
      code: 'PROMETHEUS_UNAVAILABLE',
      message: expect.stringMatching(/Prometheus has ended; its log .* ends with:/s),
    });
  });

  test('has a promtool and an amtool beside it that run', async () => {
    const { promtool, amtool } = await findPrometheus(home, process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
    expect((await runCommand(promtool, ['--version'])).code).toBe(0);
    expect((await runCommand(amtool, ['--version'])).code).toBe(0);
  });
});

test('a folder without the programs is refused with their names', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'parley-prometheus-'));
  const found = findPrometheus(empty, empty, () => {});
  await expect(found).rejects.toMatchObject({ message: expect.stringMatching(/There is no .*promtool.*amtool/) });
  rmSync(empty, { recursive: true });
});

test('a command line that is not understood ends with 2 and says what is wrong', async () => {
  const run = (...args: string[]) => runCommand(process.execPath, [program, ...args]);
  const [nothing, port, help] = await Promise.all([run(), run('up', '--port', '0'), run('--help')]);
  expect(nothing).toMatchObject({ code: 2, output: expect.stringContaining('npm run prometheus -- <command>') });
  expect(port).toMatchObject({ code: 2, output: expect.stringContaining('expected 1..65535') });
  expect(help).toMatchObject({ code: 0 });
});
