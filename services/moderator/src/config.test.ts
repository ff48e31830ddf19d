import { expect, test } from '@jest/globals';
import { judgingEnv } from './config.ts';

const read = (text: string) => judgingEnv.safeParse({ PARLEY_REDUNDANCY_COSINE: text });

test.each([
  ['0.8', { latin: 0.8, cjk: 0.8, other: 0.8 }],
  ['-1', { latin: -1, cjk: -1, other: -1 }],
  ['latin=0.81', { latin: 0.81 }],
  [' latin = 0.81 , cjk=1', { latin: 0.81, cjk: 1 }],
])('the cosine %j is read', (text, cosines) => {
  expect(read(text).data?.PARLEY_REDUNDANCY_COSINE).toEqual(cosines);
});

test.each(['1.2', 'high', 'latin', 'latin=', 'greek=0.8', 'latin=0.8,', 'latin=0.8=0.9', 'cjk=2'])(
  'the cosine %j is refused with what was expected',
  (text) => {
    expect(read(text).error?.issues[0]?.message).toMatch(/-1 to 1, or script=cosine of latin, cjk, other/);
  },
);
