import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutAtSentence, endsWhole } from './sentence.ts';

test.each([
  ['the last sentence', 'One is. Two is. Three would be', 20, 'One is. Two is.'],
  ['quotes that close behind it', 'He said "yes." She said no', 20, 'He said "yes."'],
  ['no dot within a number', 'It costs 3.5 million or more', 18, 'It costs 3.5'],
  ['Chinese sentences', '茶让人平静。咖啡让人清醒。水', 13, '茶让人平静。咖啡让人清醒。'],
  ['Hindi sentences', 'चाय अच्छी है। कॉफी', 15, 'चाय अच्छी है।'],
  ['words where no sentence ends', 'one two three four five', 16, 'one two three'],
  ['anywhere where no word ends', 'x'.repeat(30), 10, 'x'.repeat(10)],
  ['no half of a character', '🍵'.repeat(10), 5, '🍵🍵'],
  ['nothing where there is room', 'One is. Two', 11, 'One is. Two'],
])('a text is cut: %s', (_, text, most, cut) => {
  expect(cutAtSentence(text, most)).toBe(cut);
});

test('a cut text is a beginning of it and not longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '.', '。', '🍵', '"', '3') }), fc.nat(40), (text, most) => {
      const cut = cutAtSentence(text, most);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(most);
    }),
  );
});

test('an answer may end with a sentence or with its JSON, not within', () => {
  for (const whole of ['Tea calms.', 'Tea calms."\n', '茶让人平静。', '{"a":1}', '```json\n{}\n```']) {
    expect(endsWhole(whole)).toBe(true);
  }
  for (const part of ['Tea calms and', '{"a":', '', 'Tea, ']) expect(endsWhole(part)).toBe(false);
});
