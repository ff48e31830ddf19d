import { describe, expect, test } from '@jest/globals';
import { turnRepliedV1 } from '@parley/contracts/debate';
import fc from 'fast-check';
import { citationsOf } from './citations.ts';

const evidence = [
  {
    id: 'E1',
    title: 'Census',
    text: 'In 2019 the city counted 40,000 cars.\nEvery third of them stood still all day.',
  },
  { id: 'Lancet', text: 'Noise above 65 decibels shortens sleep — on average by half an hour.' },
  { id: 'E3', text: '二〇二三年全市共有四百万辆机动车，平均车速为每小时二十一公里。' },
];
const cited = (text: string) => citationsOf(text, evidence);

describe('a citation', () => {
  test('is an id in brackets, named once, in the spelling of the evidence', () => {
    expect(cited('Cars stand still [e1]. They are loud [LANCET]. They stand [E1].')).toEqual([
      { id: 'E1', isKnown: true },
      { id: 'Lancet', isKnown: true },
    ]);
    expect(cited('两份资料【E1、E3】都这样说。').map(({ id }) => id)).toEqual(['E1', 'E3']);
    expect(cited('Both say so [E1; Lancet].').map(({ id }) => id)).toEqual(['E1', 'Lancet']);
  });

  test('of evidence that was not given is kept and marked', () => {
    expect(cited('See [E9].')).toEqual([{ id: 'E9', isKnown: false }]);
    expect(citationsOf('See [E1].', [])).toEqual([{ id: 'E1', isKnown: false }]);
  });

  test('is not every bracket', () => {
    expect(cited('He said [sic] "it is so and not otherwise" [laughs], see [1] and array[i].')).toEqual([]);
  });
});

describe('quoted words beside a citation', () => {
  test.each([
    'As "every third of them stood still all day" [E1] shows, cars rest.',
    'The census [E1] says: “Every third of them stood still, all day.”',
    'It "counted 40,000 cars … stood still all day" [E1].',
    '„Cars“ or not: «every third of them stood still» [E1].',
  ])('are found: %s', (text) => {
    expect(cited(text)).toEqual([{ id: 'E1', isKnown: true, quoteFound: true }]);
  });

  test.each([
    'As "every second of them stood still all day" [E1] shows, cars rest.',
    'It "stood still all day … counted 40,000 cars" [E1].',
    'The census [E1] says “noise above 65 decibels shortens sleep”.',
    '"every third of them stood still" [E1], and "every car is red and loud" [E1].',
  ])('are not found: %s', (text) => {
    expect(cited(text)).toEqual([{ id: 'E1', isKnown: true, quoteFound: false }]);
  });

  test('are looked for in Chinese, too', () => {
    expect(cited('资料写道：“平均车速为每小时二十一公里”[E3]。')).toEqual([
      { id: 'E3', isKnown: true, quoteFound: true },
    ]);
    expect(cited('资料写道：「平均车速为每小时五十公里」【E3】。')).toEqual([
      { id: 'E3', isKnown: true, quoteFound: false },
    ]);
  });

  test('of several sources are of the one that has them', () => {
    expect(cited('“Noise above 65 decibels shortens sleep” [E1, Lancet].')).toEqual([
      { id: 'E1', isKnown: true },
      { id: 'Lancet', isKnown: true, quoteFound: true },
    ]);
  });

  test('of fewer than four words, or far away, prove nothing', () => {
    expect(cited('So-called "free parking" [E1] is dear.')).toEqual([{ id: 'E1', isKnown: true }]);
    const far = `"every second of them stood still" ${'and so on '.repeat(6)}[E1]`;
    expect(cited(far)).toEqual([{ id: 'E1', isKnown: true }]);
  });

  test('of evidence that was not given are not found', () => {
    expect(cited('"every third of them stood still" [E9]')).toEqual([{ id: 'E9', isKnown: false, quoteFound: false }]);
  });
});

test('whatever the text, the citations fit into the contract', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('[E1]', '【E3】', '"every third of them stood still"', '…', '“', '”', '[E77, Lancet]'),
    fc.nat(999).map((n) => `[E${n}]`),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      expect(turnRepliedV1.data.shape.citations.safeParse(cited(pieces.join(' '))).success).toBe(true);
    }),
  );
});
