import { describe, expect, test } from '@jest/globals';
import type { TurnRecordedV1, Verdict } from '@parley/contracts/debate';
import { proWins } from '@parley/testkit';
import { checkTurn, checkVerdict, isSampled } from './accuracy-sample.ts';
import type { Assessment } from './assessment.ts';

const text = 'Tea calms the nerves of everybody who drinks it.';
const turn = (fields: Partial<TurnRecordedV1> = {}): TurnRecordedV1 =>
  ({ round: 1, side: 'pro', text, concedes: false, ...fields }) as TurnRecordedV1;
const found = (side: 'pro' | 'con' | 'neither', isOnTopic = true): Assessment => ({
  stance: { side, reason: 'it says so' },
  isOnTopic,
  usage: { inputTokens: 0, outputTokens: 0 },
  skipped: [],
});
const goodness = (results: ReturnType<typeof checkTurn>) =>
  Object.fromEntries(results.map(({ check, isGood }) => [check, isGood]));

describe('a turn', () => {
  test.each<[string, TurnRecordedV1, Assessment, object]>([
    ['for its side', turn(), found('pro'), { valid: true, side: true }],
    ['for no side', turn(), found('neither'), { valid: true, side: true }],
    ['for the other side', turn(), found('con'), { valid: true, side: false }],
    ['for the other side, con', turn({ side: 'con' }), found('pro'), { valid: true, side: false }],
    ['that concedes', turn({ concedes: true }), found('con'), { valid: true, side: true }],
    ['off the topic', turn(), found('pro', false), { valid: false, side: true }],
    ['in Chinese', turn({ text: '茶让每个喝茶的人心情平静。' }), found('pro'), { valid: true, side: true }],
    ['of digits', turn({ text: '1 2 3 4 5 6 7 8 9' }), found('pro'), { valid: false, side: true }],
    ...[
      '<|im_end|> Tea',
      '<think>Tea calms</think> me',
      '<<aB3-xY7_qq>> Tea calms',
      '{"stance": "for it"}',
      '[INST] Tea',
    ].map((machinery): [string, TurnRecordedV1, Assessment, object] => [
      `with ${machinery}`,
      turn({ text: machinery }),
      found('pro'),
      { valid: false, side: true },
    ]),
  ])('%s', (_what, said, assessment, expected) => {
    expect(goodness(checkTurn(said, assessment))).toEqual(expected);
  });

  test('nobody looked at for its side is said nothing about', () => {
    const { stance: _, ...without } = found('con');
    expect(goodness(checkTurn(turn(), without))).toEqual({ valid: true });
  });
});

test('a verdict stands when the second judge names the same side', () => {
  const of = (outcome: 'pro' | 'con' | 'contested') => ({ ...proWins, outcome }) as Verdict;
  const stands = (again: Verdict) => checkVerdict(proWins, again)[0]?.isGood;
  expect([of('pro'), of('con'), of('contested')].map(stands)).toEqual([true, false, false]);
});

describe('a sample', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `debate/0193e5a0-7c1e-7d3a-9f00-${i}/${i % 17}`);
  test.each([0.01, 0.05, 0.5])('of a share of %p of 20,000 names is that share', (share) => {
    const n = names.filter((name) => isSampled(name, share)).length;
    const sigma = Math.sqrt(names.length * share * (1 - share));
    expect(Math.abs(n - names.length * share)).toBeLessThan(5 * sigma);
  });
  test('of all is all, of nothing nothing, and a larger one holds the smaller', () => {
    expect(names.every((name) => isSampled(name, 1))).toBe(true);
    expect(names.some((name) => isSampled(name, 0))).toBe(false);
    expect(names.filter((name) => isSampled(name, 0.1)).every((name) => isSampled(name, 0.2))).toBe(true);
  });
});
