import { expect, test } from '@jest/globals';
import { outboxRows } from '../src/outbox/outbox-rows.ts';

const message = (id: string, text: string) => ({
  id,
  type: 'said.v1',
  source: 'test',
  subject: 'a',
  time: '2026-01-01T00:00:00.000Z',
  data: { text },
});

test('messages of a topic are divided over rows that fit a page, none lost and in their order', () => {
  const many = Array.from({ length: 200 }, (_, i) => message(`m${i}`, '論'.repeat(i)));
  const rows = outboxRows([['a', many]]);
  expect(rows.length).toBeGreaterThan(1);
  expect(rows.flatMap(({ text }) => JSON.parse(text))).toEqual(many);
  expect(rows.flatMap(({ messages }) => messages)).toEqual(many);
  for (const { text } of rows) expect(Buffer.byteLength(text)).toBeLessThan(8_000);
});

test('a message too large for a page has a row of its own, and no row is without a message', () => {
  const rows = outboxRows([
    ['a', [message('1', ''), message('2', 'x'.repeat(20_000)), message('3', '')]],
    ['b', [message('4', '')]],
    ['c', []],
  ]);
  expect(rows.map(({ topic, text }) => [topic, JSON.parse(text).map(({ id }: { id: string }) => id)])).toEqual([
    ['a', ['1']],
    ['a', ['2']],
    ['a', ['3']],
    ['b', ['4']],
  ]);
});
