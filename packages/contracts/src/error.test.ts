import { expect, test } from '@jest/globals';
import { errorCodes, isParleyError, messageOf, ParleyError } from './error.ts';

test('a code is written in capitals, and is a refusal with a status of its own or a fault of this side', () => {
  for (const [code, { status }] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(status === 500 || (status >= 400 && status < 500)).toBe(true);
  }
  expect(errorCodes.INTERNAL.status).toBe(500);
});

test('an error is not retryable unless it says so, and keeps its cause', () => {
  const cause = new Error('connection refused');
  expect(new ParleyError('INTERNAL', 'A bug.')).toMatchObject({ retryable: false, retryAfterMs: undefined });
  const error = new ParleyError('DATABASE_UNAVAILABLE', 'Start it.', { retryable: true, retryAfterMs: 500, cause });
  expect(error).toMatchObject({ name: 'ParleyError', retryable: true, retryAfterMs: 500, cause });
});

test('an error is recognised by its brand, also when another copy of the package made it', () => {
  expect(isParleyError(new ParleyError('INTERNAL', 'A bug.'))).toBe(true);
  expect(isParleyError(Object.assign(new Error('x'), { [Symbol.for('parley.error')]: true }))).toBe(true);
  for (const value of [new Error('x'), null, undefined, 'INTERNAL', { code: 'INTERNAL' }]) {
    expect(isParleyError(value)).toBe(false);
  }
});

test('whatever was thrown has a message', () => {
  expect(messageOf(new Error('gone'))).toBe('gone');
  expect(messageOf('gone')).toBe('gone');
  expect(messageOf(undefined)).toBe('undefined');
});
