import { expect, test } from '@jest/globals';
import type { Side } from '@parley/contracts/debate';
import fc from 'fast-check';
import { type JudgedTurn, truncateFairly } from './fair-truncation.ts';

const turn = (side: Side, text: string, round = 1): JudgedTurn => ({ side, round, text });
const shown = (turns: readonly JudgedTurn[], side: Side): number =>
  turns.filter((one) => one.side === side).reduce((sum, { text }) => sum + text.length, 0);

test('what fits is shown whole', () => {
  const turns = [turn('pro', 'Tea calms. It is cheap.'), turn('con', 'Coffee wakes.')];
  expect(truncateFairly(turns, 10_000)).toEqual(turns);
});

test('both sides get the same room, however many more words one of them made', () => {
  const sentence = 'This is one more sentence of a very long turn. ';
  const turns = [turn('pro', sentence.repeat(400)), turn('con', sentence.repeat(80))];
  const fair = truncateFairly(turns, 4_000);
  for (const side of ['pro', 'con'] as const) {
    expect(shown(fair, side)).toBeLessThanOrEqual(2_000);
    expect(shown(fair, side)).toBeGreaterThan(1_900);
  }
});

test('a side is shown at most twice as long as the other, once there is enough of it', () => {
  const sentence = 'This is one more sentence of a very long turn. ';
  const fair = truncateFairly([turn('pro', sentence.repeat(400)), turn('con', sentence.repeat(60))], 100_000);
  expect(shown(fair, 'con')).toBe(60 * sentence.length);
  expect(shown(fair, 'pro')).toBeLessThanOrEqual(2 * 60 * sentence.length);
  expect(shown(fair, 'pro')).toBeGreaterThan(1.9 * 60 * sentence.length);
});

test('short turns leave their room to the long ones of their side', () => {
  const long = 'A sentence that goes on and on. '.repeat(100);
  const fair = truncateFairly([turn('pro', 'Short.'), turn('pro', long, 2), turn('con', long)], 5_000);
  expect(fair[0]?.text).toBe('Short.');
  expect(fair[1]?.text.length).toBeGreaterThan(2_400);
});

test.each([
  ['English', 'One sentence here. Another "one." A third that will not fit', 46, 'One sentence here. Another "one." …'],
  ['Chinese', '第一句话在这里。第二句话也在这里！第三句话放不下了', 20, '第一句话在这里。第二句话也在这里！ …'],
  ['without sentences', 'word '.repeat(20), 30, `${'word '.repeat(20).slice(0, 28)} …`],
])('cuts at sentences where it can: %s', (_name, text, room, expected) => {
  // A side has half of the room, and each of its two turns half of that.
  const fair = truncateFairly([turn('pro', text), turn('pro', text, 2)], 4 * room);
  expect(fair[0]?.text).toBe(expected);
});

test('never more than the room, no half characters, and the same whichever side is which', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 400 }).map((part) => `${part}🍵. `.repeat(12));
  const turns = fc.array(fc.record({ side: fc.constantFrom('pro' as const, 'con' as const), text }), { maxLength: 8 });
  fc.assert(
    fc.property(turns, fc.integer({ min: 400, max: 20_000 }), (said, characters) => {
      const before = said.map((one, i) => ({ ...one, round: i + 1 }));
      const fair = truncateFairly(before, characters);
      const other = (side: Side): Side => (side === 'pro' ? 'con' : 'pro');
      const swapped = truncateFairly(
        before.map((one) => ({ ...one, side: other(one.side) })),
        characters,
      );
      expect(swapped.map((one) => ({ ...one, side: other(one.side) }))).toEqual(fair);
      for (const side of ['pro', 'con'] as const) {
        expect(shown(fair, side)).toBeLessThanOrEqual(Math.max(characters / 2, 2 * before.length));
      }
      for (const [i, one] of fair.entries())
        if (before[i]?.text.isWellFormed()) expect(one.text.isWellFormed()).toBe(true);
    }),
  );
});
