import { expect, test } from '@jest/globals';
import { messageTypes, streamKinds } from './contexts.ts';
import { isEnded, placeOfFact, runStatuses } from './stream-kind.ts';

test('a fact says in its id which stream of which kind it belongs to', () => {
  expect(placeOfFact({ id: 'debate/0197/3', subject: '0197', sequence: 3 })).toEqual({
    kind: 'debate',
    stream: '0197',
    seq: 3,
  });
});

test.each([
  ['a command', { id: '0197c8a0', subject: '0197' }],
  ['a message whose number is not that of its id', { id: 'debate/0197/3', subject: '0197', sequence: 4 }],
  ['a message of another stream', { id: 'debate/0197/3', subject: '0198', sequence: 3 }],
])('%s has no place in a log', (_what, message) => {
  expect(placeOfFact(message)).toBeUndefined();
});

test('kinds differ in name and path, and name messages that exist', () => {
  expect(new Set(streamKinds.map(({ name }) => name)).size).toBe(streamKinds.length);
  expect(new Set(streamKinds.map(({ path }) => path)).size).toBe(streamKinds.length);
  for (const { last } of streamKinds) for (const type of last) expect(Object.hasOwn(messageTypes, type)).toBe(true);
});

test('a stream that waits or works has not ended', () => {
  expect(runStatuses.filter(isEnded)).toEqual(['completed', 'canceled', 'failed', 'rejected']);
});
