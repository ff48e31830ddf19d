import { runbookUrl, type Slo } from '@parley/slo';
import { type Board, heatmap, lines, number, type Panel, type Query } from './board.ts';
import { faces } from './queries.ts';

const by = 'sum by (sloth_service, sloth_slo)';
const name = '{{sloth_service}} {{sloth_slo}}';
const bad = 'sum_over_time(slo:bad_events:rate5m';
/** Nothing burns: no end in sight, no series. */
const unburnt = 'nothing burns';

/** How all objectives stand. */
export function overview(slos: readonly Slo[]): Board {
  const days = slos[0]?.windowDays ?? 30;
  const left = `${by} (slo:period_error_budget_remaining:ratio)`;
  const burn = `${by} (slo:current_burn_rate:ratio)`;
  const exhausted = `clamp_min(${left}, 0) / (${burn} > 0) * ${by} (slo:time_period:days) * 86400`;
  const columns: Query[] = [
    { expr: `${by} (slo:objective:ratio)`, name: 'objective' },
    { expr: `1 - ${by} (slo:sli_error:ratio_rate${days}d)`, name: 'good' },
    { expr: left, name: 'budget left' },
    { expr: burn, name: 'burn rate' },
    { expr: exhausted, name: 'seconds to exhaustion' },
  ];
  const one = (query: Query | undefined, unit: string, limits: readonly [number, number] | undefined): Panel =>
    ({
      kind: 'table',
      title: query?.name ?? '',
      unit,
      queries: query === undefined ? [] : [query],
      width: 8,
      height: 10,
      ...(limits === undefined ? {} : { limits }),
      ...(query?.name === 'seconds to exhaustion' ? { emptyBecause: unburnt } : {}),
    }) satisfies Panel;
  return {
    uid: 'parley-slos',
    title: 'Parley: objectives',
    about: 'Objectives, what was kept of them, and how fast their error budgets are spent.',
    from: 'now-24h',
    variables: [],
    rows: [
      {
        title: 'Objectives',
        panels: [
          one(columns[0], 'percentunit', undefined),
          one(columns[1], 'percentunit', undefined),
          one(columns[2], 'percentunit', [0.5, 0.1]),
          one(columns[3], 'none', [1, 6]),
          one(columns[4], 's', undefined),
          {
            kind: 'table',
            title: 'Alerts that fire',
            unit: 'none',
            queries: [{ expr: 'ALERTS{alertstate="firing"}', name: 'fires' }],
            width: 8,
            height: 10,
            emptyBecause: 'no alert fires',
          },
        ],
      },
      {
        title: 'Over time',
        panels: [
          lines('Error budget left', 'percentunit', [{ expr: left, name }], { width: 12, height: 9, max: 1 }),
          lines('Burn rate', 'none', [{ expr: burn, name }], { width: 12, height: 9 }),
        ],
      },
    ],
  };
}

/** One objective in depth. */
export function detail(slos: readonly Slo[], runbooks: string): Board {
  const days = slos[0]?.windowDays ?? 30;
  const of = '{sloth_id="$slo"}';
  const burn = (window: string): Query => ({
    expr: `sum(slo:sli_error:ratio_rate${window}${of}) / sum(slo:error_budget:ratio${of})`,
    name: window,
  });
  const left = `sum(slo:period_error_budget_remaining:ratio${of})`;
  const now = `sum(slo:current_burn_rate:ratio${of})`;
  const pages = slos.map(
    ({ id, alert, runbook }) => `| ${id} | ${alert} | [${runbook}](${runbookUrl(runbooks, alert)}) |`,
  );
  return {
    uid: 'parley-slo',
    title: 'Parley: one objective',
    about: 'Burn-down, burn rates beside the factors at which they alert, and what was bad.',
    from: 'now-24h',
    variables: [{ name: 'slo', label: 'Objective', values: 'label_values(slo:objective:ratio, sloth_id)' }],
    rows: [
      {
        title: '$slo',
        panels: [
          number('Objective', 'percentunit', `sum(slo:objective:ratio${of})`),
          number('Good', 'percentunit', `1 - sum(slo:sli_error:ratio_rate${days}d${of})`),
          number('Budget left', 'percentunit', left, { limits: [0.5, 0.1] }),
          number('Burn rate', 'none', now, { limits: [1, 6] }),
          number(
            'Time to exhaustion',
            's',
            `clamp_min(${left}, 0) / (${now} > 0) * sum(slo:time_period:days${of}) * 86400`,
            {
              emptyBecause: unburnt,
            },
          ),
          number(`Bad events in ${days} days`, 'none', `sum(${bad}${of}[${days}d:1m])) * 60`),
          lines('Budget left', 'percentunit', [{ expr: left, name: 'left' }], { width: 12, height: 9, max: 1 }),
          lines(
            'Burn rates, and the factors that alert',
            'none',
            [
              ...['5m', '1h', '6h', '1d', '3d'].map(burn),
              { expr: `slo:alert_burn_rate:ratio${of}`, name: '{{severity}} at {{sloth_window}}' },
            ],
            { width: 12, height: 9 },
          ),
          lines(
            'Events a second',
            'ops',
            [
              { expr: `sum(slo:total_events:rate5m${of}) - sum(slo:bad_events:rate5m${of})`, name: 'good' },
              { expr: `sum(slo:bad_events:rate5m${of})`, name: 'bad' },
            ],
            { width: 12, about: 'For an objective on moments: their share.' },
          ),
          {
            kind: 'text',
            title: 'Runbooks',
            width: 12,
            height: 7,
            markdown: `| objective | alert | runbook |\n| --- | --- | --- |\n${pages.join('\n')}`,
          },
        ],
      },
      {
        title: 'Where it goes wrong',
        panels: [
          heatmap(
            'Time to the first byte of an answer',
            's',
            `sum by (le) (increase(parley_http_request_seconds_bucket{audience="product",${faces}}[$__rate_interval]))`,
          ),
          heatmap(
            'Time of a turn',
            's',
            'sum by (le) (increase(parley_effect_seconds_bucket{audience="product",type="think"}[$__rate_interval]))',
          ),
          lines(
            'Answers with an error',
            'ops',
            [
              {
                expr: 'sum by (status) (rate(parley_http_request_seconds_count{audience="product",status=~"[45].."}[$__rate_interval]))',
                name: '{{status}}',
              },
            ],
            {
              emptyBecause: 'no request was refused or failed',
            },
          ),
          lines('Attempts that failed', 'ops', [
            {
              expr: 'sum by (service, type, outcome) (rate(parley_effect_seconds_count{audience="product",outcome!="succeeded"}[$__rate_interval]))',
              name: '{{service}} {{type}} {{outcome}}',
            },
          ]),
          lines('How debates ended', 'ops', [
            {
              expr: 'sum by (outcome) (rate(parley_debates_ended_total{audience="product"}[$__rate_interval]))',
              name: '{{outcome}}',
            },
          ]),
        ],
      },
    ],
  };
}
