import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import { runCommand } from '../src/command.ts';
import { cacheDir, findPrometheus } from '../src/index.ts';

const rules = fileURLToPath(new URL('../../../k8s/observability/rules/', import.meta.url));
const getting = findPrometheus(cacheDir(process.env), process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
const missing = await whyMissing('prometheus', getting);
const promtoolPath = async () => (await getting).promtool;
const files = readdirSync(join(rules, 'tests')).sort();

(missing === undefined ? describe : describe.skip)('the rules, by a real promtool,', () => {
  test('are valid', async () => {
    const paths = files.map((file) => join(rules, file));
    expect(
      await runCommand(await promtoolPath(), ['check', 'rules', '--lint=all', '--lint-fatal', ...paths]),
    ).toMatchObject({
      code: 0,
    });
  });

  test('raise alerts that go by valid settings', async () => {
    const settings = join(rules, '../stack/config/alertmanager.yaml');
    expect(await runCommand((await getting).amtool, ['check-config', settings])).toMatchObject({ code: 0 });
  });

  test('alert when they should and are silent otherwise', async () => {
    const halves = [0, 1].map((half) => files.filter((_, index) => index % 2 === half));
    const outcomes = halves.map(async (half) =>
      runCommand(await promtoolPath(), ['test', 'rules', ...half], { cwd: join(rules, 'tests') }),
    );
    for (const { code, output } of await Promise.all(outcomes)) expect({ code, output }).toMatchObject({ code: 0 });
  }, 600_000);

  test.each([
    ['turns wait and the promised number of them is spoken', 90, 'x90', 6, 0],
    ['turns wait and fewer are spoken', 90, 'x90', 4, 1],
    ['few turns are spoken because there are no more', 5, 'x90', 4, 0],
  ])('throughput: %s', async (_what, age, times, perMinute, firing) => {
    const copy = mkdtempSync(join(tmpdir(), 'parley-throughput-'));
    const file = join(copy, 'test.yaml');
    const series = (name: string, labels: string, values: string) => ({ series: `${name}{${labels}}`, values });
    const expected = { expr: 'count(ALERTS{severity="page"}) or vector(0)', eval_time: '80m' };
    const tests = {
      rule_files: [join(rules, 'slo-debate-throughput.yaml')],
      evaluation_interval: '2m',
      tests: [
        {
          interval: '1m',
          input_series: [
            series('parley_effect_oldest_age_seconds', 'service="debater-a"', `${age}+0${times}`),
            series('parley_effect_seconds_count', 'type="think",outcome="succeeded"', `0+${perMinute}${times}`),
          ],
          promql_expr_test: [{ ...expected, exp_samples: [{ labels: '{}', value: firing }] }],
        },
      ],
    };
    writeFileSync(file, JSON.stringify(tests));
    expect(await runCommand(await promtoolPath(), ['test', 'rules', file])).toMatchObject({ code: 0 });
    rmSync(copy, { recursive: true });
  });

  test.each([
    ['a page that needs a hundred times the errors', /14\.4/g, '1440'],
    ['an idle time that counts as an outage', / > 0\)/g, ' >= 0) * 0 + 1'],
    ['silence that nobody hears', /absent_over_time/g, 'absent'],
  ])('would fail the tests with %s', async (_what, good, wrong) => {
    const copy = mkdtempSync(join(tmpdir(), 'parley-rules-'));
    const file = 'slo-debate-completion.yaml';
    cpSync(join(rules, file), join(copy, file));
    cpSync(join(rules, 'tests', file), join(copy, 'tests', file));
    const text = readFileSync(join(copy, file), 'utf8');
    const changed = text.replaceAll(good, wrong);
    expect(changed).not.toBe(text);
    writeFileSync(join(copy, file), changed);
    const { code } = await runCommand(await promtoolPath(), ['test', 'rules', file], { cwd: join(copy, 'tests') });
    expect(code).toBe(1);
    rmSync(copy, { recursive: true });
  });
});
