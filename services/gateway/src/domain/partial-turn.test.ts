import { expect, test } from '@jest/globals';
import type { DeltaV1 } from '@parley/contracts';
import fc from 'fast-check';
import { missingOf, type PartialTurn, receive, recorded } from './partial-turn.ts';

const delta = (offset: number, text: string, over: Partial<DeltaV1> = {}): DeltaV1 => ({
  round: 1,
  side: 'pro',
  offset,
  text,
  ...over,
});
const turn = { round: 1, side: 'pro' as const };
function heardAll(deltas: readonly DeltaV1[]) {
  let writing: PartialTurn | undefined;
  const told: string[] = [];
  for (const one of deltas) {
    const heard = receive(writing, one);
    writing = heard.writing;
    if (heard.givenUp !== undefined) told.push('(given up)');
    if (heard.more !== '') told.push(heard.isFirst ? `(first)${heard.more}` : heard.more);
  }
  return { writing, told };
}

test('pieces are told as they come, without the space at both ends', () => {
  const { writing, told } = heardAll([delta(0, '\n '), delta(2, 'Tea '), delta(6, 'is '), delta(9, 'good. \n')]);
  expect(told).toEqual(['(first)Tea', ' is', ' good.']);
  expect(missingOf(writing, { ...turn, text: 'Tea is good.' })).toEqual({ kind: 'rest', text: '' });
});

test('after a lost piece nothing is told until the turn is recorded, and then the rest', () => {
  const { writing, told } = heardAll([delta(0, 'Tea '), delta(7, 'good'), delta(11, '.')]);
  expect(told).toEqual(['(first)Tea']);
  expect(missingOf(writing, { ...turn, text: 'Tea is good.' })).toEqual({ kind: 'rest', text: ' is good.' });
});

test('who comes in the middle of a turn gets it whole when it is recorded', () => {
  const { writing, told } = heardAll([delta(4, 'is '), delta(7, 'good.')]);
  expect(told).toEqual([]);
  expect(missingOf(writing, { ...turn, text: 'Tea is good.' })).toEqual({ kind: 'all', text: 'Tea is good.' });
});

test('a turn that begins anew gives up what was told of it, or of another that was never recorded', () => {
  expect(heardAll([delta(0, 'Tea'), delta(0, 'Coffee')]).told).toEqual(['(first)Tea', '(given up)', '(first)Coffee']);
  const con = delta(0, 'No.', { side: 'con' });
  expect(heardAll([delta(0, 'Tea'), con]).told).toEqual(['(first)Tea', '(given up)', '(first)No.']);
  expect(heardAll([delta(0, ' '), delta(0, 'Tea')]).told).toEqual(['(first)Tea']);
  expect(heardAll([delta(0, 'Tea'), delta(0, 'Tea'), delta(3, '!')]).told).toEqual(['(first)Tea', '!']);
});

test('a recorded text that is not what was told stands in its place', () => {
  const { writing } = heardAll([delta(0, 'Tea is')]);
  expect(missingOf(writing, { ...turn, text: 'Coffee.' })).toEqual({ kind: 'another', text: 'Coffee.' });
  expect(missingOf(writing, { ...turn, side: 'con', text: 'Tea is bad.' })).toMatchObject({ kind: 'another' });
});

test('pieces of a recorded turn that come after it are left out', () => {
  const after = recorded({ round: 2, side: 'pro' });
  for (const late of [delta(0, 'Tea', { round: 2 }), delta(0, 'No.', { round: 1, side: 'con' })]) {
    expect(receive(after, late)).toMatchObject({ writing: after, more: '' });
  }
  expect(receive(after, delta(0, 'No.', { round: 2, side: 'con' }))).toMatchObject({ more: 'No.', isFirst: true });
});

test('whatever pieces are lost, what was told and what was lacking make the recorded text', () => {
  const pieces = fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 5 }), fc.boolean()), { maxLength: 20 });
  fc.assert(
    fc.property(pieces, (made) => {
      let offset = 0;
      const sent = made.flatMap(([text, isLost]) => {
        const one = delta(offset, text);
        offset += text.length;
        return isLost ? [] : [one];
      });
      const { writing } = heardAll(sent);
      const text = made
        .map(([piece]) => piece)
        .join('')
        .trim();
      const rest = missingOf(writing, { ...turn, text });
      const begun = rest.kind === 'rest' ? (writing?.told ?? '') : '';
      expect(begun + rest.text).toBe(text);
    }),
  );
});
