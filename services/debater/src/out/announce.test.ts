import { expect, test } from '@jest/globals';
import type { Floor } from '@parley/contracts/debate';
import { turnReplied } from '@parley/testkit';
import type { TurnState } from '../domain/turn.ts';
import { announceTurn } from './announce.ts';

const floor: Floor = {
  round: 1,
  side: 'pro',
  topic: 'Tea',
  maxRounds: 8,
  deadlineAt: 5_000,
  tokensLeft: 150,
  attempt: 1,
};
const thinking = (given: Floor): TurnState => ({
  phase: 'thinking',
  floor: given,
  attempts: 2,
  spent: { inputTokens: 40, outputTokens: 5 },
});
const to = { topic: 'parley.debater.events', subject: 'd', deadlineAt: 5_000 };

test('an answer carries what is left of the budgets that came with the floor', () => {
  expect(announceTurn(turnReplied(1, 'pro'), 'd/1/pro', thinking(floor))).toEqual({ ...to, tokensLeft: 50 });
  const failed = { round: 1, side: 'pro', code: 'MODEL_TIMEOUT', reason: 'slow', attempts: 2 } as const;
  const announced = announceTurn({ type: 'turn-failed.v1', data: failed }, 'd/1/pro', thinking(floor));
  expect(announced).toEqual({ ...to, tokensLeft: 105 });
});

test('what is left is never less than nothing, and no budget stays none', () => {
  expect(announceTurn(turnReplied(1, 'pro'), 'd/1/pro', thinking({ ...floor, tokensLeft: 60 }))?.tokensLeft).toBe(0);
  const { tokensLeft: _, ...unbounded } = floor;
  expect(announceTurn(turnReplied(1, 'pro'), 'd/1/pro', thinking(unbounded))?.tokensLeft).toBeUndefined();
});

test('what only the debater has to know is told to nobody', () => {
  const failed = { reason: 'slow', usage: { inputTokens: 1, outputTokens: 1 } };
  expect(announceTurn({ type: 'attempt-failed', data: failed }, 'd/1/pro', thinking(floor))).toBeUndefined();
});
