import { expect, test } from '@jest/globals';
import { isParleyError, ParleyError } from '@parley/contracts';
import { databaseError, isUniqueViolation, unavailable } from '../src/database/pg-errors.ts';

const coded = (code: string) => Object.assign(new Error('fault'), { code });

test.each([
  ['a lost connection', '08006'],
  ['a deadlock', '40P01'],
  ['a serialization failure', '40001'],
  ['a full disk', '53100'],
  ['too many connections', '53300'],
  ['a statement timeout', '57014'],
  ['an administrator', '57P01'],
  ['a server that starts up', '57P03'],
  ['a fault of the file system', '58030'],
  ['a standby', '25006'],
  ['a pause inside a transaction', '25P03'],
  ['a lock timeout', '55P03'],
  ['a refused connection', 'ECONNREFUSED'],
  ['a name that does not resolve for now', 'EAI_AGAIN'],
  ['a host without a route', 'EHOSTUNREACH'],
])('%s passes by itself: DATABASE_UNAVAILABLE, retryable', (_, code) => {
  const named = databaseError(coded(code));
  expect(named).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true, cause: { code } });
});

test.each([
  'Connection terminated unexpectedly',
  'Client has encountered a connection error and is not queryable',
  'Cannot use a pool after calling end on the pool',
  'Query read timeout',
])('pg says "%s" without a code, and that passes too', (message) => {
  expect(databaseError(new Error(message))).toMatchObject({ retryable: true });
});

test.each([
  ['a unique violation', '23505'],
  ['a null where none may be', '23502'],
  ['text that cannot be stored', '22021'],
  ['a syntax error', '42601'],
  ['a table that is not there', '42P01'],
  ['an error of Node', 'ERR_INVALID_ARG_TYPE'],
])('%s is handed on as it is: trying again would not help', (_, code) => {
  const thrown = coded(code);
  expect(databaseError(thrown)).toBe(thrown);
});

test('a ParleyError keeps its code, and whatever is no error is handed on', () => {
  const own = new ParleyError('MODEL_TIMEOUT', 'Too slow.');
  expect(databaseError(own)).toBe(own);
  expect(unavailable(own)).toBe(own);
  expect(databaseError(null)).toBeNull();
});

test('whatever keeps us from connecting passes one day', () => {
  expect(isParleyError(unavailable(coded('28P01')))).toBe(true);
});

test('a unique violation is recognised by its code', () => {
  expect(isUniqueViolation(coded('23505'))).toBe(true);
  expect(isUniqueViolation(coded('23503'))).toBe(false);
  expect(isUniqueViolation(undefined)).toBe(false);
});
