import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toolBounds } from './tool.ts';
import { readArguments } from './tool-arguments.ts';

const needy = { type: 'object', required: ['a'] };
const easy = { type: 'object' };
const ok = (value: object, isRepaired = false) => ({ ok: true, value, isRepaired });
const fault = (name: string) => ({ ok: false, fault: name });

test.each([
  ['{"a":1}', ok({ a: 1 })],
  [{ a: 1 }, ok({ a: 1 })],
  ['  {"a":1}\n', ok({ a: 1 })],
  ['"{\\"a\\":1}"', ok({ a: 1 })],
  ['{}', ok({})],
  ["{'a': 1,}", ok({ a: 1 }, true)],
  ['{a: \u201cb\u201d}', ok({ a: 'b' }, true)],
  ['```json\n{"a":1}\n```', ok({ a: 1 }, true)],
  ['{"a":"line\nbreak"}', ok({ a: 'line\nbreak' }, true)],
  ['{"a":1', fault('ARGUMENTS_CUT')],
  ['{"a":"}', fault('ARGUMENTS_CUT')],
  ['{"a":[1}', fault('ARGUMENTS_CUT')],
  ['{"a":1}}', fault('ARGUMENTS_MALFORMED')],
  ['{"a":1} and so on', fault('ARGUMENTS_MALFORMED')],
  ['a is 1', fault('ARGUMENTS_MALFORMED')],
  ['"a is 1"', fault('ARGUMENTS_MALFORMED')],
  ['undefined', fault('ARGUMENTS_MALFORMED')],
  [7, fault('ARGUMENTS_NOT_AN_OBJECT')],
  ['[1]', fault('ARGUMENTS_NOT_AN_OBJECT')],
  ['true', fault('ARGUMENTS_NOT_AN_OBJECT')],
  [undefined, fault('ARGUMENTS_MISSING')],
  [null, fault('ARGUMENTS_MISSING')],
  [' ', fault('ARGUMENTS_MISSING')],
  ['null', fault('ARGUMENTS_MISSING')],
  ['""', fault('ARGUMENTS_MISSING')],
])('%j is read as %j', (said, read) => {
  expect(readArguments(said, needy, false)).toEqual(read);
});

test('nothing given is no arguments where none are required, unless the answer was cut', () => {
  for (const said of [undefined, null, '', 'null', '""']) {
    expect(readArguments(said, easy, false)).toEqual(ok({}));
    expect(readArguments(said, { ...easy, required: [] }, false)).toEqual(ok({}));
    expect(readArguments(said, easy, true)).toEqual(fault('ARGUMENTS_CUT'));
  }
});

test('of an answer that was cut, whole arguments count and malformed ones are not mended', () => {
  expect(readArguments('{"a":1}', needy, true)).toEqual(ok({ a: 1 }));
  expect(readArguments("{'a': 1}", needy, true)).toEqual(fault('ARGUMENTS_CUT'));
});

test('arguments beyond their bounds are refused, however they come', () => {
  const long = { a: 'ü'.repeat(toolBounds.argumentBytes / 2) };
  const deep = `{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
  for (const as of [(value: unknown) => value, JSON.stringify]) {
    expect(readArguments(as(long), needy, false)).toEqual(fault('ARGUMENTS_TOO_LONG'));
  }
  expect(readArguments(JSON.parse(deep), needy, false)).toEqual(fault('ARGUMENTS_TOO_DEEP'));
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
  expect(readArguments(nested(toolBounds.depth), needy, false)).toMatchObject({ ok: true });
  expect(readArguments(nested(toolBounds.depth + 1), needy, false)).toEqual(fault('ARGUMENTS_TOO_DEEP'));
});

const objects = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1, maxKeys: 5 });

test('no beginning of an object is taken for an object, whatever the reason to finish', () => {
  fc.assert(
    fc.property(objects, fc.nat(), fc.boolean(), (object, at, isCut) => {
      const text = JSON.stringify(object);
      const beginning = text.slice(0, at % text.length);
      expect(readArguments(beginning, needy, isCut).ok).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test('what is not mended is what was said, and what was cut is never mended', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    objects.map((one) => JSON.stringify(one).replaceAll('"', "'")),
  );
  fc.assert(
    fc.property(texts, fc.boolean(), (text, isCut) => {
      const read = readArguments(text, needy, isCut);
      if (!read.ok) return;
      expect(isCut && read.isRepaired).toBe(false);
      if (!read.isRepaired) expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 2_000 },
  );
});
