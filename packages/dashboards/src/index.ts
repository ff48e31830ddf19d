import type { GeneratedFile, Slo } from '@parley/slo';
import type { Board } from './board.ts';
import { pipeline } from './debate-board.ts';
import { infrastructure } from './infrastructure-board.ts';
import { models } from './model-board.ts';
import { render } from './render.ts';
import { detail, overview } from './slo-boards.ts';

export type { Board, MeasuredPanel, Panel, Query, Row, Variable } from './board.ts';

/** @param runbooks where the pages of alerts are read, such as https://example.org/runbooks */
export function boards(slos: readonly Slo[], runbooks: string): Board[] {
  return [overview(slos), detail(slos, runbooks), pipeline(), models(), infrastructure()];
}

/** Grafana's JSON of every dashboard. */
export function generateDashboards(slos: readonly Slo[], runbooks: string): GeneratedFile[] {
  return boards(slos, runbooks).map((board) => ({
    path: `dashboards/${board.uid}.json`,
    text: `${JSON.stringify(render(board), null, 2)}\n`,
  }));
}
