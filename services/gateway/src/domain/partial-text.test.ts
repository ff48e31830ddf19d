import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { missingOf, type PartialText, receive, recorded } from './partial-text.ts';

type Sent = Parameters<typeof receive>[1];
const delta = (offset: number, text: string, over: Partial<Sent> = {}): Sent => ({
  id: '1 pro',
  order: 1,
  offset,
  text,
  ...over,
});
const turn = { id: '1 pro' };
function heardAll(deltas: readonly Sent[]) {
  let writing: PartialText | undefined;
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

test('after a lost piece nothing is told until the text is recorded, and then the rest', () => {
  const { writing, told } = heardAll([delta(0, 'Tea '), delta(7, 'good'), delta(11, '.')]);
  expect(told).toEqual(['(first)Tea']);
  expect(missingOf(writing, { ...turn, text: 'Tea is good.' })).toEqual({ kind: 'rest', text: ' is good.' });
});

test('who comes in the middle of a text gets it whole when it is recorded', () => {
  const { writing, told } = heardAll([delta(4, 'is '), delta(7, 'good.')]);
  expect(told).toEqual([]);
  expect(missingOf(writing, { ...turn, text: 'Tea is good.' })).toEqual({ kind: 'all', text: 'Tea is good.' });
});

test('a text that begins anew gives up what was told of it, or of another that was never recorded', () => {
  expect(heardAll([delta(0, 'Tea'), delta(0, 'Coffee')]).told).toEqual(['(first)Tea', '(given up)', '(first)Coffee']);
  const con = delta(0, 'No.', { id: '1 con' });
  expect(heardAll([delta(0, 'Tea'), con]).told).toEqual(['(first)Tea', '(given up)', '(first)No.']);
  expect(heardAll([delta(0, ' '), delta(0, 'Tea')]).told).toEqual(['(first)Tea']);
  expect(heardAll([delta(0, 'Tea'), delta(0, 'Tea'), delta(3, '!')]).told).toEqual(['(first)Tea', '!']);
});

test('a recorded text that is not what was told stands in its place', () => {
  const { writing } = heardAll([delta(0, 'Tea is')]);
  expect(missingOf(writing, { ...turn, text: 'Coffee.' })).toEqual({ kind: 'another', text: 'Coffee.' });
  expect(missingOf(writing, { id: '1 con', text: 'Tea is bad.' })).toMatchObject({ kind: 'another' });
});

test('pieces of a recorded text that come after it are left out', () => {
  const after = recorded({ id: '2 pro', order: 2 });
  for (const late of [delta(0, 'Tea', { id: '2 pro', order: 2 }), delta(0, 'No.', { id: '1 con', order: 1 })]) {
    expect(receive(after, late)).toMatchObject({ writing: after, more: '' });
  }
  expect(receive(after, delta(0, 'No.', { id: '2 con', order: 2 }))).toMatchObject({ more: 'No.', isFirst: true });
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
