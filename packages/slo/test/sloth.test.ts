import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readSlos } from '../src/index.ts';
import type { Alert, Recording, RuleFile } from '../src/rule.ts';
import { sloRules } from '../src/slo-rules.ts';

const sloth = parse(readFileSync(new URL('sloth-0.12.0.yaml', import.meta.url), 'utf8')) as RuleFile;
const [slo] = readSlos([
  { name: 'same.yaml', text: readFileSync(new URL('same-as-sloth.yaml', import.meta.url), 'utf8') },
]);
const ours = slo === undefined ? [] : sloRules(slo, 'https://wiki.test');

const recordings = (groups: RuleFile['groups']) =>
  groups.flatMap(({ rules }) => rules.filter((rule): rule is Recording => 'record' in rule));
const alerts = (groups: RuleFile['groups']) =>
  groups.flatMap(({ rules }) => rules.filter((rule): rule is Alert => 'alert' in rule));
const dense = (expr: string) => expr.replaceAll(/\s+/g, '');
const keyOf = ({ record, labels }: Recording) => `${record} ${labels.sloth_window ?? ''}`.trim();
const byKey = (groups: RuleFile['groups']) => new Map(recordings(groups).map((rule) => [keyOf(rule), rule]));

test('every series of sloth is there under its name and labels', () => {
  for (const [key, { labels }] of byKey(sloth.groups)) {
    const { team: _, sloth_mode, sloth_spec, sloth_version, ...wanted } = labels;
    expect({ key, labels: byKey(ours).get(key)?.labels }).toMatchObject({ key, labels: wanted });
  }
});

test('beyond those there are the events that are summed, and the factors that alert', () => {
  const beyond = [...byKey(ours).keys()].filter((key) => !byKey(sloth.groups).has(key));
  expect(beyond.sort()).toEqual([
    'slo:alert_burn_rate:ratio 1d',
    'slo:alert_burn_rate:ratio 1h',
    'slo:alert_burn_rate:ratio 3d',
    'slo:alert_burn_rate:ratio 6h',
    'slo:bad_events:rate5m 5m',
    'slo:total_events:rate5m 5m',
  ]);
});

test('ratios are those of sloth, but for no errors yet, which is 0, and nothing at all, which is no sample', () => {
  for (const [key, { expr }] of byKey(sloth.groups)) {
    if (!/ratio_rate(\d+m|\dh|\dd) /.test(`${key} `)) continue;
    const unguarded = (byKey(ours).get(key)?.expr ?? '').replaceAll(' or vector(0)', '').replaceAll(' > 0', '');
    expect({ key, expr: dense(unguarded).replaceAll('((', '(').replaceAll('))', ')') }).toEqual({
      key,
      expr: dense(expr).replaceAll('((', '(').replaceAll('))', ')'),
    });
  }
});

test('objective, budget and burn rates are sloth’s, to the letter', () => {
  for (const key of [
    'slo:objective:ratio',
    'slo:error_budget:ratio',
    'slo:time_period:days',
    'slo:current_burn_rate:ratio',
    'slo:period_burn_rate:ratio',
    'slo:period_error_budget_remaining:ratio',
  ]) {
    expect({ key, expr: dense(byKey(ours).get(key)?.expr ?? '') }).toEqual({
      key,
      expr: dense(byKey(sloth.groups).get(key)?.expr ?? 'none'),
    });
  }
});

test('the whole period is weighted by events and not by time, which is where we differ', () => {
  expect(byKey(sloth.groups).get('slo:sli_error:ratio_rate30d 30d')?.expr).toContain('count_over_time');
  expect(byKey(ours).get('slo:sli_error:ratio_rate30d 30d')?.expr).toContain('sum_over_time(slo:total_events:rate5m');
});

test.each(['page', 'ticket'])('the alert of severity %s is sloth’s, to the letter', (severity) => {
  const of = (groups: RuleFile['groups']) => alerts(groups).find(({ labels }) => labels.severity === severity);
  expect(dense(of(ours)?.expr ?? '')).toBe(dense(of(sloth.groups)?.expr ?? 'none'));
  expect(of(ours)?.labels).toMatchObject(of(sloth.groups)?.labels ?? {});
});
