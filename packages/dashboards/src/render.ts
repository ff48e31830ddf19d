import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel as GrafanaPanel,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Board, MeasuredPanel, Panel, Query, Variable } from './board.ts';

const columns = 24;
const datasource = { type: 'prometheus', uid: '$datasource' };

export function render({ uid, title, about, from, variables, rows }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags(['parley'])
    .readonly()
    .refresh('30s')
    .time({ from, to: 'now' })
    .timezone('browser')
    .annotation(starts())
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const variable of variables) builder.withVariable(variableOf(variable));
  let id = 0;
  let y = 0;
  for (const row of rows) {
    id += 1;
    builder.withRow(new RowBuilder(row.title).id(id).gridPos({ x: 0, y, w: columns, h: 1 }));
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of row.panels) {
      if (x + panel.width > columns) {
        x = 0;
        y += height;
        height = 0;
      }
      id += 1;
      const gridPos = { x, y, w: panel.width, h: panel.height };
      const made = { ...panelOf(panel), id, gridPos };
      builder.withPanel({ build: () => made });
      x += panel.width;
      height = Math.max(height, panel.height);
    }
    y += height;
  }
  return builder.build();
}

/** A line where a process began: a deployment, or a crash. */
function starts(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Starts')
    .datasource(datasource)
    .enable(true)
    .iconColor('blue')
    .expr('changes(process_start_time_seconds{job="parley"}[1m]) > 0')
    .titleFormat('started')
    .textFormat('{{instance}}');
}

function variableOf(variable: Variable): QueryVariableBuilder | TextBoxVariableBuilder {
  if ('text' in variable) {
    return new TextBoxVariableBuilder(variable.name)
      .label(variable.label)
      .defaultValue(variable.text)
      .current({ selected: true, text: variable.text, value: variable.text });
  }
  return new QueryVariableBuilder(variable.name)
    .label(variable.label)
    .datasource(datasource)
    .query(variable.values)
    .refresh(VariableRefresh.OnDashboardLoad);
}

function panelOf(panel: Panel): GrafanaPanel {
  const about = [panel.about, 'emptyBecause' in panel ? `Empty where ${panel.emptyBecause}.` : undefined];
  const description = about.filter(Boolean).join(' ');
  if (panel.kind === 'text') {
    return new text.PanelBuilder()
      .title(panel.title)
      .description(description)
      .mode(text.TextMode.Markdown)
      .content(panel.markdown)
      .build();
  }
  const builder = builderOf(panel).title(panel.title).description(description).datasource(datasource).unit(panel.unit);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.limits !== undefined) {
    builder.thresholds(limits(panel.limits));
    builder.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
  }
  for (const [index, query] of panel.queries.entries()) builder.withTarget(target(panel, query, index));
  return builder.build();
}

function builderOf(panel: MeasuredPanel) {
  switch (panel.kind) {
    case 'lines':
      return new timeseries.PanelBuilder().min(0).fillOpacity(10).spanNulls(true);
    case 'number':
      return new stat.PanelBuilder().reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
    case 'heatmap':
      return new heatmap.PanelBuilder().calculate(false);
    case 'table':
      return tableOf(panel);
    default:
      return panel.kind satisfies never;
  }
}

/** Every query is a column, joined by the labels that all of them have. */
function tableOf({ queries }: MeasuredPanel): table.PanelBuilder {
  const names = queries.map(({ name }, index) => [`Value #${refId(index)}`, name]);
  const renamed = Object.fromEntries(queries.length === 1 ? [['Value', queries[0]?.name]] : names);
  return new table.PanelBuilder()
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true }, renameByName: renamed } });
}

function target(panel: MeasuredPanel, { expr, name }: Query, index: number): prometheus.DataqueryBuilder {
  const query = new prometheus.DataqueryBuilder()
    .refId(refId(index))
    .expr(expr)
    .datasource(datasource)
    .legendFormat(name);
  switch (panel.kind) {
    case 'table':
      return query.instant().format(prometheus.PromQueryFormat.Table);
    case 'number':
      return query.instant();
    case 'heatmap':
      return query.range().format(prometheus.PromQueryFormat.Heatmap).exemplar(true);
    case 'lines':
      return query.range();
    default:
      return panel.kind satisfies never;
  }
}

function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

/** Rising limits make large values red, falling ones small values. */
function limits([orange, red]: readonly [number, number]): ThresholdsConfigBuilder {
  const steps =
    orange < red
      ? [
          { value: null, color: 'green' },
          { value: orange, color: 'orange' },
          { value: red, color: 'red' },
        ]
      : [
          { value: null, color: 'red' },
          { value: red, color: 'orange' },
          { value: orange, color: 'green' },
        ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
