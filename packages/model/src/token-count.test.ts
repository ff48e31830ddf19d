import { expect, test } from '@jest/globals';
import { believableCount } from './token-count.ts';

test.each([[1], [12], [100_000]])('%p tokens of 40 characters are believed', (said) => {
  expect(believableCount(said, 40)).toBe(said);
});

test.each([[-5], [3.7], ['12'], [1e30], [Number.NaN], [Number.POSITIVE_INFINITY], [null], [undefined], [0], [{}]])(
  '%p tokens of 40 characters are taken for no count',
  (said) => {
    expect(believableCount(said, 40)).toBeUndefined();
  },
);

test('nothing may be counted as 0', () => {
  expect(believableCount(0, 0)).toBe(0);
});
