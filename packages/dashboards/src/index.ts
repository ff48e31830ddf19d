import type { GeneratedFile, Slo } from '@parley/slo';
import type { Board } from './board.ts';
import { pipeline } from './debate-board.ts';
import { infrastructure } from './infrastructure-board.ts';
import { models } from './model-board.ts';
import { render } from './render.ts';
import { detail, overview } from './slo-boards.ts';

export type { Board, MeasuredPanel, Panel, Query, Row, Variable } from './board.ts';

export function boards(slos: readonly Slo[]): Board[] {
  return [overview(slos), detail(slos), pipeline(), models(), infrastructure()];
}

/** Grafana's JSON of every dashboard. */
export function generateDashboards(slos: readonly Slo[]): GeneratedFile[] {
  return boards(slos).map((board) => ({
    path: `dashboards/${board.uid}.json`,
    text: `${JSON.stringify(render(board), null, 2)}\n`,
  }));
}
