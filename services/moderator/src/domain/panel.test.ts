import { describe, expect, test } from '@jest/globals';
import { type Vote, verdictSchema } from '@parley/contracts/debate';
import { marks } from '@parley/testkit';
import fc from 'fast-check';
import { type Ballot, isPositionFlip, verdictOf, winnerOf } from './panel.ts';

type Winner = Vote['winner'];
const vote = (order: Vote['order'], winner: Winner, judge = 'a'): Vote => ({
  judge,
  order,
  winner,
  scores: { pro: marks(winner === 'pro' ? 8 : 6), con: marks(winner === 'con' ? 8 : 6) },
  reason: `${judge} says ${winner}.`,
});
const ballot = (one: Winner, other: Winner, judge = 'a'): Ballot => ({
  isRehearsal: false,
  votes: [vote('pro-first', one, judge), vote('con-first', other, judge)],
});

describe('one judge', () => {
  test.each<[Winner, Winner, Winner, boolean]>([
    ['pro', 'pro', 'pro', false],
    ['con', 'con', 'con', false],
    ['pro', 'con', 'contested', true],
    ['con', 'pro', 'contested', true],
    ['pro', 'contested', 'contested', false],
    ['contested', 'contested', 'contested', false],
  ])('that names %s and then %s finds %s; it judged the place: %s', (one, other, winner, isFlip) => {
    expect(winnerOf(ballot(one, other))).toBe(winner);
    expect(isPositionFlip(ballot(one, other))).toBe(isFlip);
    expect(verdictOf([ballot(one, other)])).toMatchObject({ outcome: winner });
  });

  test('gives the means of both votes, and its own words', () => {
    expect(verdictOf([ballot('pro', 'pro')])).toEqual({
      outcome: 'pro',
      scores: { pro: marks(8), con: marks(6) },
      reason: 'a says pro.',
      model: 'a',
      isRehearsal: false,
    });
    expect(verdictOf([ballot('pro', 'con')])).toMatchObject({
      scores: { pro: marks(7), con: marks(7) },
      reason: 'No side won in both orders: of 2 votes 1 went to Team A, 1 to Team B, 0 to neither.',
    });
  });
});

describe('a panel', () => {
  test.each<[string, Winner[], Winner]>([
    ['two of three', ['pro', 'pro', 'con'], 'pro'],
    ['one, when the others find it contested', ['contested', 'con', 'contested'], 'con'],
    ['nobody, one against one', ['pro', 'con', 'contested'], 'contested'],
    ['nobody, when all find it contested', ['contested', 'contested', 'contested'], 'contested'],
  ])('goes with %s', (_what, winners, outcome) => {
    const ballots = winners.map((winner, i) => ballot(winner, winner, 'abc'[i]));
    expect(verdictOf(ballots)).toMatchObject({ outcome, model: 'a, b, c' });
  });

  test('in any order of the judges and with the sides changed gives the same, changed', () => {
    const winner = fc.constantFrom<Winner>('pro', 'con', 'contested');
    const other = (one: Winner): Winner => (one === 'contested' ? one : one === 'pro' ? 'con' : 'pro');
    fc.assert(
      fc.property(fc.array(fc.tuple(winner, winner), { minLength: 1, maxLength: 3 }), (pairs) => {
        const verdict = verdictOf(pairs.map(([a, b]) => ballot(a, b)));
        expect(verdictSchema.safeParse(verdict).success).toBe(true);
        const { outcome } = verdictOf([...pairs].reverse().map(([a, b]) => ballot(a, b)));
        expect(outcome).toBe(verdict.outcome);
        const mirrored = verdictOf(pairs.map(([a, b]) => ballot(other(a), other(b))));
        expect(mirrored.outcome).toBe(other(verdict.outcome as Winner));
      }),
    );
  });
});
