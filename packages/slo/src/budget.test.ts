import { expect, test } from '@jest/globals';
import { budgetLeft, budgetRatio, burnRate, errorRatio, secondsToExhaustion } from './budget.ts';

const slo = { objective: 0.999, windowDays: 30 };
const daySeconds = 86_400;

test('1 bad of 1000 spends a budget of 99.9 % exactly', () => {
  const error = errorRatio({ bad: 1, total: 1000 }) ?? Number.NaN;
  expect(budgetRatio(slo)).toBe(0.001);
  expect(burnRate(slo, error)).toBe(1);
  expect(budgetLeft(slo, error)).toBe(0);
});

test('more than that is overspent, and nothing is left to last', () => {
  expect(budgetLeft(slo, 0.002)).toBe(-1);
  expect(secondsToExhaustion(slo, -1, 2)).toBe(0);
});

test('half a budget at burn rate 1 lasts half the window, at 14.4 a day', () => {
  expect(secondsToExhaustion(slo, 0.5, 1)).toBe(15 * daySeconds);
  expect(secondsToExhaustion(slo, 0.48, 14.4)).toBeCloseTo(daySeconds, 6);
});

test('where nothing happens there is no ratio, and where nothing burns no end', () => {
  expect(errorRatio({ bad: 0, total: 0 })).toBeUndefined();
  expect(secondsToExhaustion(slo, 1, 0)).toBeUndefined();
});
