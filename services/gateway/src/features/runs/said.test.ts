import { expect, test } from '@jest/globals';
import type { QuestionAskedV1 } from '@parley/contracts/run';
import { saidBy } from './said.ts';

const asked = (about: QuestionAskedV1['about']): QuestionAskedV1 => ({
  ...{ question: '1.1/x', about, call: '1.1', text: 'May "mail" be called?', expiresAt: 0 },
});

test.each([
  ['approval', 'yes', { is: 'approved' }],
  ['approval', ' OK. ', { is: 'approved' }],
  ['approval', 'no', { is: 'denied' }],
  ['approval', 'No, not today.', { is: 'denied', reason: 'not today.' }],
  ['approval', '是', { is: 'approved' }],
  ['outcome', 'done', { is: 'done' }],
  ['outcome', 'Not done.', { is: 'not-done' }],
  ['outcome', 'no', { is: 'denied' }],
  ['words', 'no', { is: 'words', text: 'no' }],
] as const)('to a question about %s "%s" is an answer', (about, words, answer) => {
  expect(saidBy(asked(about), words)).toEqual(answer);
});

test.each([
  ['approval', 'perhaps'],
  ['approval', 'nothing against it'],
  ['outcome', 'yes'],
] as const)('to a question about %s "%s" is none, and what is expected is said', (about, words) => {
  expect(() => saidBy(asked(about), words)).toThrow(/Answer "/);
});
