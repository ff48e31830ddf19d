import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { boundedJsonSchema } from './bounded-schema.ts';
import { fitted } from './fitted-value.ts';

const schema = z.object({
  winner: z.enum(['X', 'Y', 'contested']),
  mark: z.int().min(1).max(10),
  isNew: z.boolean(),
  reason: z.string().trim().min(1).max(30),
  claims: z.array(z.string().max(10)).max(2),
});
const spellings = { tie: 'contested', draw: 'contested' };
const fit = (value: object) => fitted(boundedJsonSchema(schema), value, spellings);

test.each([
  ['x', 'X'],
  [' X. ', 'X'],
  ['Team X', 'X'],
  ['side y wins', 'Y'],
  ['Contested', 'contested'],
  ['tie', 'contested'],
  ['It is a draw.', 'contested'],
  ['X or Y', 'X or Y'],
  ['nobody', 'nobody'],
  ['I believe in the end that it was X who spoke better', 'I believe in the end that it was X who spoke better'],
])('the winner "%s" is %s', (said, winner) => {
  expect(fit({ winner: said })).toEqual({ winner });
});

test.each([
  ['7', 7],
  ['7.0', 7],
  ['7/10', 7],
  ['7 out of 10', 7],
  ['seven', 7],
  [7.4, 7],
  ['very good', 'very good'],
  ['NaN', 'NaN'],
  [null, null],
])('the mark %p is %p', (said, mark) => {
  expect(fit({ mark: said })).toEqual({ mark });
});

test('keys are known however they are written, and the exact one counts', () => {
  expect(fit({ Winner: 'X', is_new: 'yes', 'REASON ': 'a', other: 1 })).toEqual({
    winner: 'X',
    isNew: true,
    reason: 'a',
  });
  expect(fit({ Winner: 'Y', winner: 'X' })).toEqual({ winner: 'X' });
});

test('what is too long is cut, at a sentence where there is one', () => {
  const fit30 = fit({ reason: 'One sentence is here. Another follows it.', claims: ['a', 'b', 'c'] });
  expect(fit30).toEqual({ reason: 'One sentence is here.', claims: ['a', 'b'] });
});

test('a key that would be a prototype is only a key', () => {
  const value = fit(JSON.parse('{"__proto__":{"winner":"X"},"mark":3}') as object);
  expect(value).toEqual({ mark: 3 });
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('an object of which no property is known stays as it is', () => {
  const open = z.object({ arguments: z.record(z.string().max(9), z.unknown()) });
  const value = { arguments: { expression: '10*99', Winner: 'x' } };
  expect(fitted(boundedJsonSchema(open), value)).toEqual(value);
});
