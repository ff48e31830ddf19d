import { expect, test } from '@jest/globals';
import { readSloFolder } from '@parley/slo';
import { generateDashboards } from './index.ts';

interface Rendered {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly { id: number; title?: string; targets?: readonly { refId: string; expr: string }[] }[];
}

const dashboards = generateDashboards(readSloFolder(), 'https://wiki.test/runbooks').map(
  ({ text }) => JSON.parse(text) as Rendered,
);

test('an objective’s dashboard links to the pages of its alerts', () => {
  expect(JSON.stringify(dashboards)).toContain('(https://wiki.test/runbooks/availability-budget-burn.md)');
});

test('no two dashboards are one for Grafana', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
  expect(new Set(dashboards.map(({ title }) => title)).size).toBe(dashboards.length);
});

test.each(dashboards)('$title: panels and their queries can be told apart, and none asks for nothing', ({ panels }) => {
  const ids = panels.map(({ id }) => id);
  expect(panels.length).toBeGreaterThan(2);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { targets = [] } of panels) {
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    for (const { expr } of targets) expect(expr.trim()).not.toBe('');
  }
});
