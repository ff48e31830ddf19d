import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ToolCall, type ToolDefinition, toolBounds, toolCallFaults, toolName } from './tool.ts';
import { createToolCallReader } from './tool-call-reader.ts';

const tools: readonly ToolDefinition[] = [
  { name: 'calculator', description: 'Calculates.', parameters: { type: 'object', required: ['expression'] } },
  { name: 'clock', description: 'Says the time.', parameters: { type: 'object' } },
  { name: 'send_mail', description: 'Sends a mail.', parameters: { type: 'object' } },
];

function read(pieces: readonly unknown[], text = '', isCut = false): readonly ToolCall[] {
  const reader = createToolCallReader(tools);
  for (const piece of pieces) if (!reader.take(piece)) break;
  return reader.end(text, isCut);
}
const called = (name: string, given: unknown, more: object = {}) => ({ ...more, function: { name, arguments: given } });

test('an unknown name is told the nearest of those that are offered', () => {
  expect(read([called('sendEmail', '{}')])).toEqual([
    {
      ok: false,
      fault: 'UNKNOWN_TOOL',
      name: 'sendEmail',
      isFromText: false,
      reason: 'There is no tool "sendEmail". Use one of: send_mail, calculator, clock.',
    },
  ]);
});

test.each([[''], ['a b'], ['x'.repeat(65)], [undefined], [7], ['../etc'], ['ünicode']])(
  '%j is no name of a tool, and is not repeated',
  (name) => {
    expect(read([called(name as string, '{}')])).toMatchObject([{ fault: 'BAD_NAME', name: '' }]);
  },
);

test('calls beyond the bound are dropped, and one entry says so', () => {
  const many = Array.from({ length: toolBounds.calls + 5 }, () => called('clock', {}));
  for (const pieces of [[many], many]) {
    const calls = read(pieces);
    expect(calls).toHaveLength(toolBounds.calls + 1);
    expect(calls.slice(0, -1).every((call) => call.ok)).toBe(true);
    expect(calls.at(-1)).toMatchObject({ fault: 'TOO_MANY_CALLS' });
  }
  expect(read([many.slice(0, toolBounds.calls)]).every((call) => call.ok)).toBe(true);
});

test('arguments without end are left, and what is malformed beside them is not mended', () => {
  const reader = createToolCallReader(tools);
  reader.take([called('calculator', "{'expression': '1'}", { index: 0 })]);
  let taken = 0;
  const piece = called('clock', `{"a":"${' '.repeat(1_000)}`, { index: 1 });
  while (reader.take([piece])) taken += 1;
  expect(taken).toBeLessThan(70);
  expect(reader.end('', false)).toMatchObject([{ fault: 'ARGUMENTS_CUT' }, { fault: 'ARGUMENTS_TOO_LONG' }]);
});

test.each([
  ['another id', [called('clock', '', { index: 0, id: 'a' }), called('clock', '', { index: 0, id: 'b' })], 2],
  ['another name', [called('clock', '', { index: 0 }), called('send_mail', '', { index: 0 })], 2],
  ['a name without an index', [called('clock', ''), called('clock', '')], 2],
  ['the same id without an index', [called('clock', '', { id: 'a' }), called('clock', '{}', { id: 'a' })], 1],
  ['the same name at one index', [called('clock', '{"a', { index: 0 }), called('clock', '":1}', { index: 0 })], 1],
  ['a name behind whole arguments', [called('clock', '{}', { index: 0 }), called('clock', '{}', { index: 0 })], 2],
  ['a name alone behind whole arguments', [called('clock', '{}', { index: 0 }), called('clock', '', { index: 0 })], 1],
])('%s makes of two pieces so many calls', (_, pieces, count) => {
  for (const messages of [[pieces], pieces]) {
    const calls = read(messages);
    expect(calls).toHaveLength(count);
    expect(calls.every((call) => call.ok)).toBe(true);
  }
});

test("OpenAI's older field and one call without a list are calls", () => {
  const call = [{ ok: true, name: 'clock', arguments: { a: 1 } }];
  expect(read([{ name: 'clock', arguments: '{"a"' }, { arguments: ':1}' }])).toMatchObject(call);
  expect(read([called('clock', { a: 1 })])).toMatchObject(call);
});

test.each([
  ['{"name":"clock","arguments":{}}', true],
  ['{"name":"clock","arguments":"{}"}', true],
  ['\n{"type":"function","function":{"name":"clock","parameters":{}}} ', true],
  ['{"name":"clock"}', false],
  ['{"name":"watch","arguments":{}}', false],
  ['{"name":"clock","arguments":{}} {"name":"clock","arguments":{}}', false],
  ['[{"name":"clock","arguments":{}}]', false],
  ['```json\n{"name":"clock","arguments":{}}\n```', false],
  ["{'name':'clock','arguments':{}}", false],
  ['{"name":["clock"],"arguments":{}}', false],
  ['{}', false],
])('a text of %s is a call: %j', (text, isCall) => {
  expect(read([], text)).toHaveLength(isCall ? 1 : 0);
  if (isCall) expect(read([], text)).toMatchObject([{ ok: true, name: 'clock', isFromText: true }]);
  expect(read([], text, true)).toEqual([]);
});

test('a call in the text whose arguments are of no use is refused, and no text', () => {
  expect(read([], '{"name":"clock","arguments":[1]}')).toMatchObject([
    { fault: 'ARGUMENTS_NOT_AN_OBJECT', isFromText: true },
  ]);
});

test('however the arguments are cut into pieces, the call is the same', () => {
  const given = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  fc.assert(
    fc.property(given, fc.array(fc.nat({ max: 200 }), { maxLength: 6 }), fc.boolean(), (value, cuts, isNumbered) => {
      const text = JSON.stringify(value);
      const at = isNumbered ? { index: 0 } : {};
      const ends = [...cuts, text.length].sort((a, b) => a - b);
      const pieces = ends.map((end, n) => text.slice(ends[n - 1] ?? 0, end));
      const calls = read([[called('clock', '', at)], ...pieces.map((piece) => [called('', piece, at)])]);
      expect(calls).toEqual(read([[called('clock', JSON.parse(text))]]));
    }),
    { numRuns: 1_000 },
  );
});

/** Pieces as servers might send them, and anything else that JSON can say. */
const words = fc.constantFrom('calculator', 'clock', 'Clock', '', 'a b', 'x'.repeat(100), '__proto__');
const given = fc.oneof(
  fc.constantFrom('', '{', '}', '{"a":1}', '{"expression":"1 + 1"}', "{'a':1}", '"', '\\', '[', 'null', '{{}}'),
  fc.constantFrom('9'.repeat(70_000), '{"a":'.repeat(5_000), `${'['.repeat(40)}${']'.repeat(40)}`),
  fc.string(),
  fc.json(),
  fc.jsonValue(),
);
const one = fc.oneof(
  fc.record(
    {
      index: fc.oneof(fc.integer({ min: -1, max: 40 }), fc.double(), fc.string()),
      id: fc.oneof(fc.constantFrom('', 'a', 'b', null), fc.jsonValue()),
      function: fc.oneof(fc.record({ name: words, arguments: given }, { requiredKeys: [] }), fc.jsonValue()),
    },
    { requiredKeys: [] },
  ),
  fc.record({ name: words, arguments: given }, { requiredKeys: [] }),
  fc.jsonValue(),
);
const anything = fc.array(fc.oneof(fc.array(one, { maxLength: 40 }), one), { maxLength: 12 });
const texts = fc.oneof(
  fc.string(),
  given.filter((value) => typeof value === 'string'),
);

test('whatever comes, nothing throws and nothing is beyond its bounds', () => {
  let accepted = 0;
  fc.assert(
    fc.property(anything, texts, fc.boolean(), (pieces, text, isCut) => {
      const calls = read(pieces, text, isCut);
      expect(calls.length).toBeLessThanOrEqual(toolBounds.calls + 1);
      for (const call of calls) {
        expectWithinBounds(call);
        if (call.ok) accepted += 1;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

function expectWithinBounds(call: ToolCall): void {
  if (call.ok) {
    expect(tools.map(({ name }) => name)).toContain(call.name);
    expect(Object.prototype.toString.call(call.arguments)).toBe('[object Object]');
    expect(Buffer.byteLength(JSON.stringify(call.arguments))).toBeLessThanOrEqual(toolBounds.argumentBytes);
    return;
  }
  expect(toolCallFaults).toContain(call.fault);
  expect(call.name === '' || toolName.test(call.name)).toBe(true);
  expect(call.reason.length).toBeGreaterThan(0);
  expect(call.reason.length).toBeLessThanOrEqual(toolBounds.reason);
}
