import { describe, expect, test } from '@jest/globals';
import { freshText } from '@parley/testkit';
import fc from 'fast-check';
import { containment, jaccard, type Sketch, sketch, tokens } from './sketch.ts';

const text = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(fc.constantFrom('tea', 'coffee', 'the', 'is', 'calms', 'wakes', '茶', '咖啡', 'чай', '42'), {
      maxLength: 80,
    })
    .map((words) => words.join(' ')),
  fc.tuple(fc.nat(50), fc.integer({ min: 1000, max: 8000 })).map(([seed, characters]) => freshText(seed, characters)),
);

describe('tokens', () => {
  test('are words in lower case, whatever stands between them', () => {
    expect(tokens('Tea, COFFEE — and "Ｍｉｌｋ"!')).toEqual(['tea', 'coffee', 'and', 'milk']);
    expect(tokens('Чай лучше кофе.')).toEqual(['чай', 'лучше', 'кофе']);
    expect(tokens('हिन्दी में चाय')).toEqual(['हिन्दी', 'में', 'चाय']);
    expect(tokens('… —')).toEqual([]);
  });

  test('are pairs of characters where a script has no spaces', () => {
    expect(tokens('喝茶好')).toEqual(['喝茶', '茶好']);
    expect(tokens('茶')).toEqual(['茶']);
    expect(tokens('お茶 tea')).toEqual(['お茶', 'tea']);
    expect(tokens('လက်')).toEqual(['လက', 'က်']);
    expect(tokens('𠮷野家')).toEqual(['𠮷野', '野家']);
  });
});

describe('a sketch', () => {
  test('is the same for the same words, however they are written', () => {
    expect(sketch('Tea is BETTER than coffee!')).toEqual(sketch('tea   is better, than coffee'));
    expect(sketch('Tea is better than coffee').hash).not.toBe(sketch('Coffee is better than tea').hash);
  });

  test('is bounded, however long the text', () => {
    fc.assert(
      fc.property(text, (some) => {
        expect(JSON.stringify(sketch(some)).length).toBeLessThan(1400);
      }),
    );
    expect(JSON.stringify(sketch('新しい'.repeat(10_000))).length).toBeLessThan(1400);
  });
});

describe('containment and Jaccard', () => {
  test('lie between 0 and 1 and are 1 for a text and itself', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const [a, b] = [sketch(one), sketch(other)];
        for (const share of [containment(a, b), containment(b, a), jaccard(a, b)]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(jaccard(a, b)).toBe(jaccard(b, a));
        expect([containment(a, a), jaccard(a, a)]).toEqual([1, 1]);
      }),
    );
  });

  test('are 0 for texts that share nothing', () => {
    const [a, b] = [sketch(freshText(1, 300)), sketch(freshText(2, 300))];
    expect([containment(a, b), jaccard(a, b)]).toEqual([0, 0]);
  });

  test('measure what a text has of another one, in one direction', () => {
    const short = sketch('Tea calms the nerves of everybody.');
    const long = sketch('Tea calms the nerves of everybody. Coffee wakes whole cities on every single working day.');
    expect(containment(long, short)).toBe(1);
    expect(containment(short, long)).toBeLessThan(0.5);
  });

  test('of a text without any word are 1: nothing new was said', () => {
    const [tea, empty] = [sketch('Tea calms the nerves of everybody.'), sketch('…')];
    expect(containment(tea, empty)).toBe(1);
    expect(jaccard(empty, empty)).toBe(1);
  });
});

describe('estimates of long texts', () => {
  const wordsOf = (seed: string) => freshText(seed, 9000).split(/[ .]+/).filter(Boolean).slice(0, 900);
  /** The first `share` of the words is in both texts. */
  const pair = (seed: number, share: number): [string[], string[]] => {
    const common = wordsOf(`common ${seed}`).slice(0, Math.round(900 * share));
    const rest = (name: string) => wordsOf(`${name} ${seed}`).slice(common.length);
    return [
      [...common, ...rest('a')],
      [...common, ...rest('b')],
    ];
  };
  const grams = (words: string[]) => new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
  const shared = <T>(a: Set<T>, b: Set<T>) => [...b].filter((one) => a.has(one)).length;

  test.each([0, 0.25, 0.5, 0.75, 1])('are within 0.15 of the exact values, when about %d is shared', (share) => {
    for (let seed = 0; seed < 20; seed++) {
      const [one, other] = pair(seed, share);
      const [a, b] = [sketch(one.join(' ')), sketch(other.join(' '))];
      const [gramsA, gramsB, wordsA, wordsB] = [grams(one), grams(other), new Set(one), new Set(other)];
      const common = shared(wordsA, wordsB);
      expect(Math.abs(containment(a, b) - shared(gramsA, gramsB) / gramsB.size)).toBeLessThan(0.15);
      expect(Math.abs(jaccard(a, b) - common / (wordsA.size + wordsB.size - common))).toBeLessThan(0.15);
    }
  });

  test('know an excerpt of a long text', () => {
    const words = wordsOf('whole');
    expect(containment(sketch(words.join(' ')), sketch(words.slice(300, 450).join(' ')))).toBe(1);
  });

  test('never call a short new turn a repetition of a long one', () => {
    const found: Sketch[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const long = sketch(freshText(`long ${seed}`, 8000));
      const short = sketch(freshText(`short ${seed}`, 80));
      if (containment(long, short) > 0.2) found.push(short);
    }
    expect(found).toEqual([]);
  });
});
