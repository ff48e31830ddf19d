import { describe, expect, test } from '@jest/globals';
import type { MeanScores, Novelty, ReplayView } from '@parley/contracts/debate';
import { rulesOf } from './replay.ts';
import { replayTable } from './replay-table.ts';

type Result = NonNullable<ReplayView['result']>;
const marks = (each: number): MeanScores => ({ argument: each, evidence: each, rebuttal: each, clarity: each });
const by = { reason: 'Pro answered every claim.', model: 'rehearsal', isRehearsal: true };
const novelty = (isStale: boolean): Novelty => ({
  score: isStale ? 0.3 : 1,
  isStale,
  step: isStale ? 'containment' : 'none',
  containment: isStale ? 0.7 : 0,
  jaccard: 0,
  against: 'own',
});
const result: Result = {
  original: {
    rounds: 8,
    stopReason: 'max_rounds',
    alsoTrue: [],
    tokens: 1_600,
    verdict: { outcome: 'pro', scores: { pro: marks(8), con: marks(6) }, ...by },
  },
  replay: {
    rounds: 4,
    stopReason: 'redundant',
    alsoTrue: [],
    tokens: 624,
    verdict: { outcome: 'contested', scores: { pro: marks(7.33), con: marks(7) }, ...by },
    turns: [false, true].map((isStale) => ({ round: 4, side: 'pro', novelty: novelty(isStale), wasStale: false })),
    votes: [
      { judge: 'a', order: 'pro-first', winner: 'pro', scores: { pro: marks(8), con: marks(6) }, reason: 'So it is.' },
    ],
    positionFlip: true,
  },
  tokensSaved: 976,
  usage: { inputTokens: 1, outputTokens: 1 },
};

describe('a replay', () => {
  test('is printed beside its debate', () => {
    expect(replayTable(result)).toMatchInlineSnapshot(`
"             debate                      replay
rounds       8                           4
stopped for  max_rounds                  redundant
tokens       1600                        624
stale turns  0                           1 of 2
verdict      Team A (for), by rehearsal  contested, by rehearsal
marks A : B  32 : 24 of 40               29.3 : 28 of 40

It would have stopped at round 4 (redundant) instead of round 8 (max_rounds); saved 61 % of the tokens.
Votes:
  a, pro-first: pro. So it is.
A judge named the other side when the sides changed places."
`);
  });

  test.each<[string, Partial<Result['replay']>, string]>([
    [
      'stops where it did',
      { rounds: 8, stopReason: 'max_rounds' },
      'It would have stopped where it did: round 8 (max_rounds).',
    ],
    [
      'does not stop',
      { rounds: 8, stopReason: null },
      'It would not have stopped where it did (round 8, max_rounds); the log ends there.',
    ],
    ['has no judge', { verdict: { outcome: 'unavailable', reason: 'Nobody judged.' } }, 'Nobody judged.'],
  ])('that %s says so', (_what, replay, sentence) => {
    expect(replayTable({ ...result, replay: { ...result.replay, ...replay } })).toContain(sentence);
  });
});

test('what no flag says is left to the server', () => {
  expect(rulesOf({})).toEqual({});
  expect(rulesOf({ redundancy: true })).toEqual({ stop: { stopWhenRedundant: true } });
  expect(rulesOf({ panel: 3, containment: 0.4, redundancy: false })).toEqual({
    judge: { panel: 3 },
    thresholds: { containment: 0.4 },
    stop: { stopWhenRedundant: false },
  });
});
