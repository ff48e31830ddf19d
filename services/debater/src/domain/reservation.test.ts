import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fewestUsefulTokens, reserve } from './reservation.ts';

test('without a budget the answer may be as long as the service allows', () => {
  expect(reserve(5_000, 400, undefined)).toEqual({ ok: true, maxTokens: 400 });
});

test.each([
  [1_000, 400],
  [700, 400],
  [699, 399],
  [364, 64],
])('of %i tokens, with a prompt of 300, the answer may take %i', (tokensLeft, maxTokens) => {
  expect(reserve(300, 400, tokensLeft)).toEqual({ ok: true, maxTokens });
});

test.each([363, 300, 0])('%i tokens do not pay for a useful answer to a prompt of 300', (tokensLeft) => {
  expect(reserve(300, 400, tokensLeft)).toEqual({ ok: false, neededTokens: 364 });
});

test('a service whose answers are shorter than the useful minimum asks for no more than they take', () => {
  expect(reserve(10, 20, 30)).toEqual({ ok: true, maxTokens: 20 });
});

test('what is reserved never exceeds what is left', () => {
  const tokens = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(tokens, fc.integer({ min: 1, max: 4_000 }), tokens, (prompt, maxTokens, left) => {
      const reserved = reserve(prompt, maxTokens, left);
      if (reserved.ok) {
        expect(prompt + reserved.maxTokens).toBeLessThanOrEqual(left);
        expect(reserved.maxTokens).toBeGreaterThanOrEqual(Math.min(maxTokens, fewestUsefulTokens));
      } else expect(left).toBeLessThan(reserved.neededTokens);
    }),
  );
});
