import { expect, test } from '@jest/globals';
import { runDecider, startDebate, turnReplied } from '@parley/testkit';
import { debate } from '../domain/debate.ts';
import { announce } from './announce.ts';

test('a fact that gives the floor says what that may cost, less at every turn; others say nothing', () => {
  const start = startDebate({ tokenBudget: 250, deadlineSeconds: 60 });
  const { events } = runDecider(debate, [start, turnReplied(1, 'pro'), { type: 'pause-debate.v1', data: {} }]);
  const to = { topic: 'parley.debate.events', subject: 'd' };
  expect(events.map((event) => announce(event, 'd'))).toEqual([
    { ...to, deadlineAt: 60_000, tokensLeft: 250 },
    { ...to, deadlineAt: 60_000, tokensLeft: 150 },
    to,
  ]);
});
