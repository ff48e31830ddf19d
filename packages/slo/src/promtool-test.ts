import { watchedCounters } from './counter-rules.ts';
import { type InputSeries, inputSeries, type Phase } from './scenario.ts';
import type { Slo } from './slo.ts';
import { noDataAlert, selectorOf } from './slo-rules.ts';
import { states } from './state-rules.ts';

/** A promtool test file. Source: Prometheus documentation, "Unit testing for rules". */
export interface PromtoolTests {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: '2m';
  readonly tests: readonly PromtoolTest[];
}

interface PromtoolTest {
  readonly name: string;
  readonly interval: '1m';
  readonly input_series: readonly InputSeries[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

type Expectation = readonly [minute: number, expr: string, value: number];

/** The objective healthy, each of its pages and its slowest ticket alone, and silent. */
export function sloTests(ruleFile: string, slo: Slo): PromtoolTests {
  return testFile(ruleFile, [fastBurn(slo), steadyBurn(slo), slowBurn(slo), silence(slo), ...switchedOff(slo)]);
}

/** Two hours before it are so good that six hours do not page: only the shortest pair of windows does. */
function fastBurn(slo: Slo): PromtoolTest {
  const { isCounter } = slo.indicator;
  const spent = isCounter ? 0.5 : 0;
  const left = `slo:period_error_budget_remaining:ratio${selectorOf(slo)}`;
  const bad = isCounter ? thresholdOf(slo, 0) * 1.05 : 1;
  const phases = [{ minutes: 120, bad: (1 - slo.objective) * spent }, { minutes: 65, bad }, { minutes: 15 }];
  return test(`${slo.id}: half of the budget is fine, a fast burn pages, and the page ends`, slo, phases, [
    [118, firing(slo.alert, slo), 0],
    [118, firing(noDataAlert, slo), 0],
    [118, `abs(sum(${left}) - ${1 - spent}) < bool 0.01`, 1],
    [183, firing(slo.alert, slo, 'page'), 1],
    ...(isCounter ? ([[198, firing(slo.alert, slo, 'page'), 0]] as const) : []),
  ]);
}

/** A burn too little for the shortest pair of windows. The first bad event comes late, and its series with it. */
function steadyBurn(slo: Slo): PromtoolTest {
  const phases = [{ minutes: 10 }, { minutes: 80, bad: thresholdOf(slo, 1) * burnt }];
  return test(`${slo.id}: a steady burn pages`, slo, phases, [
    [9, firing(slo.alert, slo), 0],
    [89, firing(slo.alert, slo, 'page'), 1],
  ]);
}

/** A burn that is too little for every other pair of windows. */
function slowBurn(slo: Slo): PromtoolTest {
  const phases = [{ minutes: 10 }, { minutes: 80, bad: thresholdOf(slo, 3) * burnt }];
  return test(`${slo.id}: a slow burn makes a ticket and no page`, slo, phases, [
    [9, firing(slo.alert, slo), 0],
    [89, firing(slo.alert, slo, 'ticket'), 1],
    [89, firing(slo.alert, slo, 'page'), 0],
  ]);
}

function silence(slo: Slo): PromtoolTest {
  const phases = [{ minutes: 30 }, { minutes: 40, silent: true }];
  return test(`${slo.id}: series that end are no burn but missing data`, slo, phases, [
    [29, firing(noDataAlert, slo), 0],
    [65, firing(noDataAlert, slo), 1],
    [65, firing(slo.alert, slo), 0],
  ]);
}

/** Nobody measures it, and that is meant. */
function switchedOff({ id, switchedBy }: Slo): PromtoolTest[] {
  if (switchedBy === undefined) return [];
  const none = 'count(ALERTS) or vector(0)';
  return [
    plain(`${id}: switched off, silence is no fault`, switchedBy, '0x40', [[35, none, 0]]),
    plain(`${id}: switched on, silence is one`, switchedBy, '60x40', [[35, none, 1]]),
  ];
}

/** Errors, as a multiple of a threshold, at which 80 minutes exceed it together with the 10 good ones before. */
const burnt = 4 / 3;

function thresholdOf({ burnRates }: Slo, pair: number): number {
  return burnRates[pair]?.threshold ?? 0;
}

/** One increase of each counter alerts, also of a series that is born with it; each state alerts while it lasts. */
export function alertTests(ruleFile: string): PromtoolTests {
  const count = (alert: string) => `count(ALERTS{alertname="${alert}", alertstate="firing"}) or vector(0)`;
  const counters = watchedCounters.flatMap(({ alert, series, by }) => {
    const one = exampleOf(series, by);
    return [
      plain(`${alert}: one increase alerts for ten minutes`, one, '3x30 4x40', [
        [29, count(alert), 0],
        [33, count(alert), 1],
        [60, count(alert), 0],
      ]),
      plain(`${alert}: a series that is born with its first event alerts`, one, '_x30 1x40', [
        [29, count(alert), 0],
        [33, count(alert), 1],
        [60, count(alert), 0],
      ]),
    ];
  });
  const lasting = states.flatMap(({ alert, example }) => [
    plain(`${alert}: is silent while all is well`, example.series, example.good, [[40, count(alert), 0]]),
    plain(`${alert}: alerts when it lasts`, example.series, example.bad, [[40, count(alert), 1]]),
  ]);
  return testFile(ruleFile, [...counters, ...lasting]);
}

function exampleOf(series: string, by: readonly string[]): string {
  const [name = '', own = ''] = series.replace('}', '').split('{');
  const labels = [
    ...(own === '' ? [] : [own]),
    ...by.filter((label) => !own.includes(`${label}=`)).map((l) => `${l}="x"`),
  ];
  return `${name}{${labels.join(',')}}`;
}

function firing(alert: string, slo: Slo, severity?: 'page' | 'ticket'): string {
  const chosen = severity === undefined ? '' : `, severity="${severity}"`;
  return `count(ALERTS{alertname="${alert}", alertstate="firing", sloth_id="${slo.id}"${chosen}}) or vector(0)`;
}

function test(name: string, slo: Slo, phases: readonly Phase[], expected: readonly Expectation[]): PromtoolTest {
  return { name, interval: '1m', input_series: inputSeries(slo, phases), promql_expr_test: expected.map(expectation) };
}

function plain(name: string, series: string, values: string, expected: readonly Expectation[]): PromtoolTest {
  return { name, interval: '1m', input_series: [{ series, values }], promql_expr_test: expected.map(expectation) };
}

function expectation([minute, expr, value]: Expectation): PromtoolTest['promql_expr_test'][number] {
  return { expr, eval_time: `${minute}m`, exp_samples: [{ labels: '{}', value }] };
}

function testFile(ruleFile: string, tests: readonly PromtoolTest[]): PromtoolTests {
  return { rule_files: [ruleFile], evaluation_interval: '2m', tests };
}
