import { expect, test } from '@jest/globals';
import type { SloView } from '@parley/contracts/http';
import { sloTable } from './slo.ts';

const slo = (id: string, fields: Partial<SloView> = {}): SloView => ({
  id,
  service: 'gateway',
  title: 't',
  description: 'd',
  objective: 0.999,
  windowDays: 30,
  sli: 0.99987,
  budgetLeft: 0.87,
  burnRates: [
    { window: '5m', rate: 14.44444 },
    { window: '1h', rate: 2 },
  ],
  status: 'ok',
  runbook: `docs/runbooks/${id}.md`,
  ...fields,
});
const nothing: Partial<SloView> = {
  sli: null,
  budgetLeft: null,
  burnRates: [],
  status: 'unknown',
  reason: 'It is away.',
};

test('a line an objective, what is unknown last with its reason, and a page for what is wrong', () => {
  const slos = [
    slo('c', nothing),
    slo('a'),
    slo('b', { status: 'exhausted', budgetLeft: -2, burnRates: [] }),
    slo('d', nothing),
  ];
  expect(sloTable({ source: 'prometheus', slos }).split('\n')).toEqual([
    'objective  promised  measured  budget left  burning      status',
    'a          99.9 %    99.987 %  87 %         14.4 × (5m)  ok',
    'b          99.9 %    99.987 %  -200 %       –            exhausted',
    'c          99.9 %    –         –            –            unknown',
    'd          99.9 %    –         –            –            unknown',
    '',
    'From Prometheus.',
    '2 unknown: It is away.',
    'b is exhausted: docs/runbooks/b.md',
  ]);
});

test('what one process has counted says since when', () => {
  const view = { source: 'process', since: '2026-01-02T03:04:05.000Z', slos: [slo('a')] } as const;
  expect(sloTable({ ...view, slos: [...view.slos] })).toContain(
    'Counted by this process since 2026-01-02T03:04:05.000Z.',
  );
});
