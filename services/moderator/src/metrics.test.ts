import { expect, test } from '@jest/globals';
import type { Verdict } from '@parley/contracts/debate';
import { proWins } from '@parley/testkit';
import { endOf } from './metrics.ts';

const given = (verdict: Verdict) => ({ type: 'verdict-given.v1', data: { verdict } }) as const;
const closed = (status: 'closed' | 'cancelled' | 'failed') =>
  ({ type: 'debate-closed.v1', data: { status, stopReason: 'max_rounds' } }) as const;

test.each([
  [given(proWins), 'verdict'],
  [given({ ...(proWins as Exclude<Verdict, { outcome: 'unavailable' }>), outcome: 'contested' }), 'verdict'],
  [given({ outcome: 'unavailable', reason: 'Nobody answered.' }), 'no_verdict'],
  [closed('cancelled'), 'cancelled'],
  [closed('failed'), 'failed'],
] as const)('a fact ends a debate, case %#', (event, outcome) => {
  expect(endOf(event)).toBe(outcome);
});

test('a debate that closes after its verdict is counted once', () => {
  expect(endOf(closed('closed'))).toBeUndefined();
});
