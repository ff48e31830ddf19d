import { expect, test } from '@jest/globals';
import { firstJsonObject, repairedObjects } from './json-object.ts';

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

test.each([
  ['a comma too many', '{"a":1,}'],
  ['a comma missing', '{"a":1 "b":2}'],
  ['smart quotes', '{“a”:1}'],
  ['closing quotes on both sides', '{”a”:1}'],
  ['single quotes', "{'a':1}"],
  ['no quotes', '{a:1}'],
  ['comments', '{"a":1 /* one */}'],
  ['a line break in a string', '{"a":1,"b":"c\nd"}'],
  ['quotes in a string', '{"a":1,"b":"she said "no" to it"}'],
  ['a brace missing', '{"a":1,"b":{"c":2}'],
  ['words around it', 'Gladly: {“a”:1,} I hope that helps.'],
  ['a fence around it', '```json\n{“a”:1,}\n```'],
  ["Python's words", '{"a":1,"b":None,"c":True}'],
])('an object is mended: %s', (_, text) => {
  expect([...repairedObjects(text)][0]).toMatchObject({ a: 1 });
});

test.each([
  ['nothing here'],
  ['{a, b}'],
  ['{'.repeat(5_000)],
  [`{"a":${'['.repeat(15_000)}`],
  [`{“${'x'.repeat(30_000)}`],
])('nothing to mend, and soon told: %.20s', (text) => {
  const startedAt = performance.now();
  expect([...repairedObjects(text)]).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
