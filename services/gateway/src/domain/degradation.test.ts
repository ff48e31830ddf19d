import { describe, expect, test } from '@jest/globals';
import type { DegradationPolicy, StartDebateV1 } from '@parley/contracts/debate';
import { startDebate } from '@parley/testkit';
import { defaultDegradation, degrade, noticeOf } from './degradation.ts';

const asked = (fields: Partial<StartDebateV1> = {}) => startDebate({ maxRounds: 8, minRounds: 5, ...fields }).data;
const budgets = (of: Record<string, number>) => new Map(Object.entries(of));
const policy: DegradationPolicy = [
  { slo: 'latency', budgetBelow: 0.25, maxRounds: 6 },
  { slo: 'latency', budgetBelow: 0, maxRounds: 3, panel: 1 },
  { slo: 'judging', budgetBelow: 0.5, panel: 1 },
  { slo: 'spending', budgetBelow: 0.1, model: 'small' },
];
const given = (of: Record<string, number>, command = asked()) => degrade(command, budgets(of), policy);

describe('a debate stays as it was asked for', () => {
  test.each<[string, Record<string, number>, StartDebateV1]>([
    ['where nothing is known about budgets', {}, asked()],
    ['while enough is left', { latency: 0.25, judging: 0.5 }, asked()],
    ['where it asks for no more than it would get', { latency: -1, judging: 0 }, asked({ maxRounds: 3, minRounds: 1 })],
    [
      'where everybody has a model of his own',
      { spending: 0 },
      asked({ sides: { pro: { model: 'a' }, con: { model: 'b' } }, judge: { model: 'c' } }),
    ],
  ])('%s', (_what, of, command) => {
    expect(given(of, command)).toBe(command);
  });
});

describe('a debate is made smaller', () => {
  test('while less of a budget is left than the threshold, and says by what and why', () => {
    expect(given({ latency: 0.2 })).toEqual({
      ...asked({ maxRounds: 6, minRounds: 5 }),
      degraded: { slo: 'latency', budgetLeft: 0.2, from: { maxRounds: 8 }, to: { maxRounds: 6 } },
    });
  });
  test('more, below a lower threshold; it never needs more rounds than it has', () => {
    expect(given({ latency: -0.5 }, asked({ judge: { panel: 3, model: 'x' } }))).toMatchObject({
      maxRounds: 3,
      minRounds: 3,
      judge: { panel: 1, model: 'x' },
      degraded: { from: { maxRounds: 8, panel: 3 }, to: { maxRounds: 3, panel: 1 } },
    });
  });
  test('by the objective with the least budget that has anything to change', () => {
    const both = { latency: 0.2, judging: 0.1 };
    expect(given(both).degraded?.slo).toBe('latency');
    expect(given(both, asked({ judge: { panel: 3 } })).degraded).toMatchObject({ slo: 'judging', to: { panel: 1 } });
  });
  test('with another model only for those who have none of their own', () => {
    const command = asked({ sides: { pro: { model: 'mine' }, con: { persona: 'A mayor.' } } });
    expect(given({ spending: 0 }, command)).toMatchObject({
      sides: { pro: { model: 'mine' }, con: { model: 'small', persona: 'A mayor.' } },
      judge: { model: 'small' },
      degraded: { slo: 'spending', from: {}, to: { model: 'small' } },
    });
  });
});

test('who asked for more is told, who left it to us is not', () => {
  const { degraded } = given({ latency: -0.5 }, asked({ judge: { panel: 3 } }));
  expect(noticeOf({ maxRounds: 8, panel: 3 }, degraded)).toBe(
    'You asked for at most 8 rounds and 3 judges; this debate has at most 3 rounds and 1 judge, because latency has no error budget left. GET /v1/slos says when that has passed.',
  );
  expect(noticeOf({ maxRounds: 8 }, given({ latency: 0.2 }).degraded)).toContain(
    'latency has 20 % of its error budget left',
  );
  expect(noticeOf({}, degraded)).toBeUndefined();
  expect(noticeOf({ maxRounds: 8 }, undefined)).toBeUndefined();
});

test('the default lowers rounds where turns are slow, and leaves a short debate alone', () => {
  const of = budgets({ 'debater-a-turn-latency': 0.1 });
  expect(degrade(asked(), of, defaultDegradation)).toMatchObject({ maxRounds: 6 });
  expect(degrade(asked({ maxRounds: 2, minRounds: 1 }), of, defaultDegradation).degraded).toBeUndefined();
});
