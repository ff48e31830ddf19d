import { burnWindows, type Severity } from './burn-rate.ts';
import type { Alert, Recording, RuleGroup } from './rule.ts';
import { runbookUrl } from './runbook.ts';
import { badQuery, errorQuery, type Slo, totalQuery } from './slo.ts';

export const noDataAlert = 'SloNoData';

/** Interval of evaluations, however often is scraped: 30 days are 43,200 samples of each rule. */
const interval = '1m';

/**
 * Recording rules and alerts of one objective, under the names and labels that sloth gives them, so that its dashboards
 * work. Other than sloth's, the ratio of the whole period is weighted by events, an idle time leaves no sample instead
 * of NaN, and silence alerts.
 * @param runbooks where the pages of alerts are read
 */
export function sloRules(slo: Slo, runbooks: string): RuleGroup[] {
  return [
    { name: `slo-sli-${slo.id}`, interval, rules: indicatorRules(slo) },
    { name: `slo-meta-${slo.id}`, interval, rules: metaRules(slo) },
    {
      name: `slo-alerts-${slo.id}`,
      interval,
      rules: [burnAlert(slo, 'page', runbooks), burnAlert(slo, 'ticket', runbooks), silenceAlert(slo, runbooks)],
    },
  ];
}

/** The labels that choose one objective's series. */
export function selectorOf({ id, service, name }: Slo): string {
  return `{sloth_id="${id}", sloth_service="${service}", sloth_slo="${name}"}`;
}

function labelsOf({ id, service, name }: Slo): Record<string, string> {
  return { sloth_id: id, sloth_service: service, sloth_slo: name };
}

function indicatorRules(slo: Slo): Recording[] {
  const at = (record: string, window: string, expr: string): Recording => ({
    record,
    expr,
    labels: { ...labelsOf(slo), sloth_window: window },
  });
  const period = `${slo.windowDays}d`;
  const sum = (record: string, window: string) => `sum_over_time(${record}${selectorOf(slo)}[${window}])`;
  const summed = (window: string) =>
    `${sum('slo:bad_events:rate5m', window)}\n/\n(${sum('slo:total_events:rate5m', window)} > 0)`;
  // A long range of a counter is read as fast as a short one; a gauge would be looked at in each of its minutes.
  const ratio = (window: string) =>
    slo.indicator.isCounter || window === '5m' ? errorQuery(slo, window) : summed(window);
  return [
    at('slo:bad_events:rate5m', '5m', badQuery(slo, '5m')),
    at('slo:total_events:rate5m', '5m', totalQuery(slo, '5m')),
    ...burnWindows.map((window) => at(`slo:sli_error:ratio_rate${window}`, window, ratio(window))),
    at(`slo:sli_error:ratio_rate${period}`, period, summed(period)),
  ];
}

function metaRules(slo: Slo): Recording[] {
  const labels = labelsOf(slo);
  const selector = selectorOf(slo);
  const burning = (window: string) =>
    `slo:sli_error:ratio_rate${window}${selector}\n/ on(sloth_id, sloth_slo, sloth_service) group_left\n` +
    `slo:error_budget:ratio${selector}`;
  const info = { sloth_mode: 'parley', sloth_objective: percent(slo.objective), sloth_spec: 'openslo/v1' };
  return [
    { record: 'slo:objective:ratio', expr: `vector(${slo.objective})`, labels },
    { record: 'slo:error_budget:ratio', expr: `vector(1-${slo.objective})`, labels },
    { record: 'slo:time_period:days', expr: `vector(${slo.windowDays})`, labels },
    { record: 'slo:current_burn_rate:ratio', expr: burning('5m'), labels },
    { record: 'slo:period_burn_rate:ratio', expr: burning(`${slo.windowDays}d`), labels },
    {
      record: 'slo:period_error_budget_remaining:ratio',
      expr: `1 - slo:period_burn_rate:ratio${selector}`,
      labels,
    },
    ...slo.burnRates.map(({ long, severity, factor }) => ({
      record: 'slo:alert_burn_rate:ratio',
      expr: `vector(${factor})`,
      labels: { ...labels, sloth_window: long, severity },
    })),
    { record: 'sloth_slo_info', expr: 'vector(1)', labels: { ...labels, ...info } },
  ];
}

function burnAlert(slo: Slo, severity: Severity, runbooks: string): Alert {
  const { objective, service, name, title, description, alert } = slo;
  const budget = Number((1 - objective).toPrecision(12));
  const mine = slo.burnRates.filter((each) => each.severity === severity);
  const over = (window: string, factor: number) =>
    `max(slo:sli_error:ratio_rate${window}${selectorOf(slo)} > (${factor} * ${budget})) without (sloth_window)`;
  const both = mine.map(
    ({ short, long, factor }) => `(\n    ${over(short, factor)}\n    and\n    ${over(long, factor)}\n)`,
  );
  const factors = mine.map(({ short, long, factor }) => `${factor} times too fast over ${short} and ${long}`);
  return {
    alert,
    expr: both.join('\nor\n'),
    labels: { ...labelsOf(slo), service, severity, sloth_severity: severity },
    annotations: {
      summary: `${service} ${name}: the error budget burns too fast.`,
      description: `${title}: ${description} ${percent(objective)} % are promised; it burns ${factors.join(', or ')}.`,
      runbook_url: runbookUrl(runbooks, alert),
    },
  };
}

/** Nothing that happens and nothing that is measured look the same to a ratio; here only the latter alerts. */
function silenceAlert(slo: Slo, runbooks: string): Alert {
  const silence = `absent_over_time(slo:total_events:rate5m${selectorOf(slo)}[10m])`;
  return {
    alert: noDataAlert,
    expr: slo.switchedBy === undefined ? silence : `${silence}\nunless on()\nmax(${slo.switchedBy}) == 0`,
    for: '5m',
    labels: { ...labelsOf(slo), service: slo.service, severity: 'ticket', sloth_severity: 'ticket' },
    annotations: {
      summary: `${slo.service} ${slo.name}: nothing is measured.`,
      description: `For a quarter of an hour no series says whether "${slo.title}" holds; its alerts are blind.`,
      runbook_url: runbookUrl(runbooks, noDataAlert),
    },
  };
}

function percent(ratio: number): string {
  return String(Number((ratio * 100).toPrecision(12)));
}
