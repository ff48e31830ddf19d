import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MessageType, messageTypes } from './contexts.ts';
import { readFact } from './fact.ts';
import type { Message } from './message.ts';

/** An example of each message, by its type; a context has its own beside its messages. */
const examples: Readonly<Record<string, object>> = Object.assign(
  {},
  ...globSync('*/examples.json', { cwd: import.meta.dirname }).map((file) =>
    JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')),
  ),
);
const types = Object.keys(messageTypes) as MessageType[];
const messageOf = (type: string, data: unknown): Message => ({
  id: '1',
  type,
  source: 'test',
  subject: 's',
  time: '2026-01-01T00:00:00.000Z',
  data,
});

test('there is an example of every type, and of nothing else', () => {
  expect(Object.keys(examples).sort()).toEqual(types.toSorted());
});

describe.each(types)('%s', (type) => {
  test('has an example that is read as it is', () => {
    expect(readFact(messageOf(type, examples[type]))).toEqual({ ok: true, fact: { type, data: examples[type] } });
  });

  test('carries its version in its name', () => {
    expect(type).toMatch(/^[a-z]+(-[a-z]+)*\.v[1-9]\d*$/);
  });

  test('takes a field that a newer writer added, and drops it', () => {
    const read = readFact(messageOf(type, { ...examples[type], addedLater: true }));
    expect(read).toEqual({ ok: true, fact: { type, data: examples[type] } });
  });

  test('refuses what is no object', () => {
    for (const data of [null, 'text', 7, [], undefined]) {
      expect(readFact(messageOf(type, data))).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/^(data|\w+):/),
      });
    }
  });
});

describe('wrong data', () => {
  test.each<[MessageType, object, string]>([
    ['turn-replied.v1', { usage: { inputTokens: -1, outputTokens: 0 } }, 'usage.inputTokens: '],
    ['turn-replied.v1', { side: 'left' }, 'side: '],
    ['turn-replied.v1', { text: 'x'.repeat(8001) }, 'text: '],
    ['start-debate.v1', { sides: { pro: { persona: '' }, con: {} } }, 'sides.pro.persona: '],
    ['start-debate.v1', { sides: { pro: {}, con: { model: 'a b' } } }, 'sides.con.model: '],
    ['debate-stopped.v1', { alsoTrue: ['max_rounds', 'bored'] }, 'alsoTrue.1: '],
    ['verdict-given.v1', { verdict: { outcome: 'draw', reason: '' } }, 'verdict.outcome: '],
    ['debate-started.v1', { next: { round: 33 } }, 'next.round: '],
  ])('of %s is refused with the path of the field: %#', (type, change, where) => {
    const read = readFact(messageOf(type, { ...examples[type], ...change }));
    expect(read).toEqual({ ok: false, reason: expect.stringContaining(where) });
  });

  test('names every field that is wrong', () => {
    const read = readFact(messageOf('turn-failed.v1', { ...examples['turn-failed.v1'], round: 0, side: 'left' }));
    expect(read).toEqual({ ok: false, reason: expect.stringMatching(/^round: .*; side: /) });
  });
});

test('a type that this build does not know is refused', () => {
  expect(readFact(messageOf('debate-paused.v7', {}))).toEqual({
    ok: false,
    reason: 'type debate-paused.v7 is unknown to this build',
  });
});

test('reading never throws, whatever the data', () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.jsonValue(), (type, data) => {
      const read = readFact(messageOf(type, data));
      expect(read.ok || read.reason.length > 0).toBe(true);
    }),
  );
});

// Fails until readFact looks at the table's own keys only: 'toString' in messageTypes is true.
test.each(['toString', 'constructor', '__proto__'])('the type %s is unknown, too', (type) => {
  expect(readFact(messageOf(type, {}))).toMatchObject({ ok: false });
});
