import { describe, expect, test } from '@jest/globals';
import { limitsOfTurn } from '@parley/contracts/debate';
import fc from 'fast-check';
import { judgeText, maxCharacters } from './text.ts';

const taken = (raw: string): string => {
  const judged = judgeText(raw);
  if (!judged.ok) throw new Error(judged.reason);
  return judged.text;
};
const sentence = 'Tea calms the nerves of everybody who drinks it. ';

test('the longest turn is the contract’s', () => {
  expect(maxCharacters).toBe(limitsOfTurn.characters);
});

describe('text that is refused', () => {
  test.each(['', ' ', '\n\t \n', '\u0000\u0007', '\u2028'])('nothing: %j', (raw) => {
    expect(judgeText(raw)).toEqual({ ok: false, reason: 'the model said nothing' });
  });

  test.each([
    '…',
    'OK.',
    '!!!!!!!!!!!!!!',
    '1 2 3 4 5 6 7 8 9 10 11 12',
    '{"a":[1,2,3,{"b":[[[[]]]]}]}',
    '🍵🍵🍵🍵🍵🍵🍵🍵🍵',
    '好的',
  ])('no language: %s', (raw) => {
    expect(judgeText(raw)).toEqual({ ok: false, reason: expect.stringContaining('no language') });
  });

  test('is quoted in the reason, cut between characters', () => {
    const judged = judgeText(`!${'🍵'.repeat(100)}`);
    expect(judged.ok).toBe(false);
    expect(!judged.ok && judged.reason.isWellFormed()).toBe(true);
    expect(!judged.ok && judged.reason.length).toBeLessThan(120);
  });
});

describe('text that is taken', () => {
  test.each([
    'Tea calms the nerves.',
    '茶能让人平静下来。',
    'お茶は心を落ち着かせる。',
    'Чай успокаивает нервы.',
    'الشاي يهدئ الأعصاب كثيرا.',
    'चाय मन को शांत करती है और सबको जोड़ती है।',
    'ชาช่วยให้จิตใจสงบ',
    '차는 마음을 차분하게 해 준다, 정말로.',
  ])('%s', (raw) => {
    expect(judgeText(raw)).toEqual({ ok: true, text: raw });
  });

  test('loses controls and halves of characters, but neither new lines nor tabs', () => {
    const raw = ' \x1b[31mTea\x00 calms\r\n\tthe\u2028 nerves\x9b of all\ud83d. 🍵\n\n\n\nTruly.\n';
    expect(taken(raw)).toBe('[31mTea calms\n\tthe nerves of all. 🍵\n\nTruly.');
  });
});

describe('text that is too long', () => {
  test('ends with its last whole sentence', () => {
    const text = taken(sentence.repeat(300));
    expect(text.length).toBeLessThanOrEqual(maxCharacters);
    expect(text.length).toBeGreaterThan(maxCharacters - sentence.length);
    expect(text.endsWith('drinks it.')).toBe(true);
    const chinese = taken('茶能让人平静下来。'.repeat(1000));
    expect(chinese.length).toBeLessThanOrEqual(maxCharacters);
    expect(chinese.endsWith('下来。')).toBe(true);
  });

  test('is kept whole up to the limit', () => {
    const exact = sentence
      .repeat(200)
      .slice(0, maxCharacters - 1)
      .concat('x');
    expect(taken(exact)).toBe(exact);
  });

  test('and has no sentence near its end is cut there, not at the first full stop', () => {
    expect(taken(`Well. ${'and so on '.repeat(1000)}`).length).toBeGreaterThan(maxCharacters - 20);
  });

  test('and has no sentence at all is cut between characters', () => {
    const text = taken(`${'tea '.repeat(1000)}a${'𠮷'.repeat(3000)}`);
    expect(text.length).toBeLessThanOrEqual(maxCharacters);
    expect(text.isWellFormed()).toBe(true);
  });
});

test('text that has its words beyond the limit only is refused', () => {
  expect(judgeText(`${'!'.repeat(maxCharacters)}${sentence.repeat(200)}`).ok).toBe(false);
});

test('whatever the model writes, what is taken is clean, short enough, and taken again unchanged', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom(sentence, '茶能让人平静下来。', '\0', '\ud83d', '🍵', '\r\n\n\n'),
  );
  const raws = fc.tuple(fc.array(piece, { maxLength: 12 }), fc.constantFrom(1, 1, 1, 400));
  fc.assert(
    fc.property(raws, ([pieces, times]) => {
      const judged = judgeText(pieces.join(' ').repeat(times));
      if (!judged.ok) return expect(judged.reason.isWellFormed()).toBe(true);
      const { text } = judged;
      expect({
        isShortEnough: text.length <= maxCharacters,
        isWhole: text.isWellFormed(),
        hasControls: /[^\P{Cc}\n\t]/u.test(text),
        isTrimmed: text === text.trim(),
        isTakenAgain: taken(text) === text,
      }).toEqual({ isShortEnough: true, isWhole: true, hasControls: false, isTrimmed: true, isTakenAgain: true });
    }),
    { numRuns: 500 },
  );
});

test('letters and digits at random are no language, numbers in sentences are', () => {
  expect(judgeText('k3j2h9 x81mzq 7ab2c0 q9w8e7 zz1yx2 ]{; p0o9i8 l2k3j4')).toMatchObject({ ok: false });
  expect(judgeText('In 2024 GPT-4 cost 30 dollars, and by 2026 the price of a model had fallen.')).toMatchObject({
    ok: true,
  });
});
