import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { defaultPolicy, isPassing, isTrouble, retryDelayMs } from './policy.ts';
import { HttpStatus } from './wire-error.ts';

const failure = (code: ConstructorParameters<typeof ParleyError>[0], options = {}) =>
  new ParleyError(code, 'x', options);

test('the same model is asked again after a connect error, a 503 and a stall, never after a 4xx', () => {
  expect(isPassing(failure('MODEL_UNREACHABLE'))).toBe(true);
  expect(isPassing(failure('MODEL_STALLED'))).toBe(true);
  expect(isPassing(failure('MODEL_OVERLOADED', { cause: new HttpStatus(503, 'busy', '') }))).toBe(true);
  expect(isPassing(failure('MODEL_OVERLOADED', { cause: new HttpStatus(429, 'slow down', '') }))).toBe(false);
  for (const code of ['MODEL_REFUSED', 'MODEL_NOT_FOUND', 'MODEL_GARBAGE', 'MODEL_TIMEOUT', 'CANCELLED'] as const) {
    expect(isPassing(failure(code))).toBe(false);
  }
});

test('a request that was wrong says nothing about the server', () => {
  expect(isTrouble(failure('MODEL_REFUSED'))).toBe(false);
  expect(isTrouble(failure('MODEL_NOT_FOUND'))).toBe(false);
  expect(isTrouble(failure('MODEL_BROKE_OFF'))).toBe(true);
});

test('the wait doubles, has full jitter, a cap, and honours the server', () => {
  const policy = { ...defaultPolicy, retryBaseMs: 100, retryCapMs: 150 };
  const error = failure('MODEL_UNREACHABLE');
  expect(retryDelayMs(1, policy, error, () => 0)).toBe(0);
  expect(retryDelayMs(1, policy, error, () => 0.5)).toBe(50);
  expect(retryDelayMs(2, policy, error, () => 1)).toBe(150);
  expect(retryDelayMs(1, policy, failure('MODEL_OVERLOADED', { retryAfterMs: 700 }), () => 0)).toBe(700);
});
