import { expect, test } from '@jest/globals';
import { firstJsonObject } from './json-object.ts';

test.each([
  ['plain', '{"a":1}'],
  ['fenced', 'Sure!\n```json\n{"a":1}\n```\nAnything else?'],
  ['after thoughts with a draft', '<think>{"a":2}</think>{"a":1}'],
  ['before another', '{"a":1}{"a":2}'],
  ['after braces that are no JSON', 'the set {a, b} is {"a":1}'],
  ['with braces in a string', 'x {"a":1,"b":"}{\\"}"}'],
])('an object is found: %s', (_, text) => {
  expect(firstJsonObject(text)).toMatchObject({ a: 1 });
});

test.each([['nothing here'], ['{"a":1'], ['[1,2]'], [''], ['{'.repeat(5_000)]])('no object: %.20s', (text) => {
  expect(firstJsonObject(text)).toBeUndefined();
});
