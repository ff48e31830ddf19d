import { expect, test } from '@jest/globals';
import { spendingsOf } from './spending.ts';

const usage = { inputTokens: 10, outputTokens: 5 };
const by = (agent: string, model: string, inputTokens = 10, outputTokens = 5) => ({
  agent,
  model,
  inputTokens,
  outputTokens,
});

test("a turn's tokens are its debater's, those of looking at it the moderator's", () => {
  expect(spendingsOf({ side: 'pro', model: 'a', usage })).toEqual([by('debater-a', 'a')]);
  const spent = [
    { model: 'embed', inputTokens: 3, outputTokens: 0 },
    { model: 'chat', ...usage },
  ];
  const assessed = { usage: { inputTokens: 13, outputTokens: 5 }, spent };
  expect(spendingsOf({ side: 'con', model: 'b', usage, assessed })).toEqual([
    by('debater-b', 'b'),
    by('moderator', 'embed', 3, 0),
    by('moderator', 'chat'),
  ]);
});

test('a turn that failed has cost its debater tokens', () => {
  const withdrawn = { round: 2, side: 'con', usage, model: 'b' };
  expect(spendingsOf({ stopReason: 'debater_failed', withdrawn })).toEqual([by('debater-b', 'b')]);
  expect(spendingsOf({ stopReason: 'cancelled', withdrawn: { round: 2, side: 'con' } })).toEqual([]);
});

test("a second look's tokens are the sampler's, whoever spoke the turn", () => {
  const turn = { round: 1, side: 'pro' };
  expect(spendingsOf({ agent: 'sampler', turn, results: [], model: 'a', usage })).toEqual([by('sampler', 'a')]);
  expect(spendingsOf({ agent: 'somebody', side: 'con', model: 'a', usage })).toEqual([by('debater-b', 'a')]);
});

test("a vote's tokens are its judge's, and what no vote names the first one's", () => {
  const votes = [
    { judge: 'x', usage },
    { judge: 'y', usage },
  ];
  expect(spendingsOf({ usage: { inputTokens: 25, outputTokens: 10 }, model: 'x,y', votes })).toEqual([
    by('moderator', 'x', 5, 0),
    by('moderator', 'x'),
    by('moderator', 'y'),
  ]);
});

test('a verdict of before there were votes is by the model in it, one that nobody gave by nobody known', () => {
  expect(spendingsOf({ usage, verdict: { model: 'm' } })).toEqual([by('moderator', 'm')]);
  expect(spendingsOf({ usage, verdict: { outcome: 'unavailable' } })).toEqual([by('moderator', 'unknown')]);
});

test.each([undefined, null, 7, 'text', [], {}, { usage: 3 }, { usage: { inputTokens: -1, outputTokens: 0 } }])(
  'a fact without usable numbers reports none: %j',
  (data) => {
    expect(spendingsOf(data)).toEqual([]);
  },
);
