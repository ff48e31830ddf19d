import { expect, test } from '@jest/globals';
import { type Answer, openAnswer } from './answer.ts';

function open(): Answer {
  return openAnswer('rehearsal', {
    model: 'rehearsal',
    messages: [{ role: 'user', content: '12345678' }],
    purpose: { kind: 'turn', topic: 'x' },
    maxTokens: 10,
    contextTokens: 100,
    signal: new AbortController().signal,
  });
}

test('200 white space characters in a row are too many, however they are cut', () => {
  for (const pieces of [
    ['a', ' '.repeat(200)],
    [`a${' '.repeat(120)}`, `${' '.repeat(80)}b`],
    [`a${'\n '.repeat(100)}b`],
  ]) {
    const answer = open();
    expect(() => {
      for (const piece of pieces) answer.add(piece);
    }).toThrow(/white space/);
  }
});

test('199 in a row are not, and words begin the count anew', () => {
  const answer = open();
  for (let n = 0; n < 5; n += 1) answer.add(`${' '.repeat(100)}a${' '.repeat(99)}`);
  expect(answer.end({ finishReason: 'stop' }).text).toHaveLength(1_000);
});

test('counts that the server does not give are estimated', () => {
  const answer = open();
  answer.add('12345');
  expect(answer.end({ finishReason: 'stop' })).toMatchObject({ inputTokens: 2, outputTokens: 2 });
});
