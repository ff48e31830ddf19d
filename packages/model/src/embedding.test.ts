import { expect, test } from '@jest/globals';
import { embedResult } from './embedding.ts';

const request = { model: 'm', inputs: ['eight ch', 'and more'], signal: new AbortController().signal };
const of = (vectors: unknown) => embedResult('ollama', request, { vectors }, performance.now());

test('tokens that a server does not count are estimated', () => {
  expect(of([[1], [2]])).toMatchObject({ vectors: [[1], [2]], inputTokens: 4, model: 'm' });
});

test.each([
  [undefined, /no list of vectors/],
  [[[1]], /1 vectors/],
  [[[], []], /an empty vector/],
  [[[1, 2], [1]], /different dimensions/],
  [[[1], [Number.NaN]], /not of numbers/],
  [[[1], ['1']], /not of numbers/],
  [[[1], [0]], /a vector of zeros/],
])('%j is no answer to two texts', (vectors, why) => {
  expect(() => of(vectors)).toThrow(
    expect.objectContaining({ code: 'MODEL_GARBAGE', message: expect.stringMatching(why) }),
  );
});
