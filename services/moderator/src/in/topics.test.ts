import { expect, test } from '@jest/globals';
import { startDebate, turnReplied } from '@parley/testkit';
import { readMessage } from './topics.ts';

const from = (source: string) => ({
  id: 'm',
  type: 't',
  source,
  subject: 'd',
  time: '2026-01-01T00:00:00.000Z',
  data: {},
});
const checksOf = (reading: ReturnType<typeof readMessage>) =>
  (reading as unknown as { input: { data: { checks?: object } } }).input.data.checks;

test('a debate is looked at as it says, and else as the moderator is set up to', () => {
  const defaults = { embedding: true };
  expect(checksOf(readMessage(startDebate(), from('gateway'), defaults))).toEqual({ embedding: true });
  const asked = startDebate({ checks: { embedding: false, topic: true } });
  expect(checksOf(readMessage(asked, from('gateway'), defaults))).toEqual({ embedding: false, topic: true });
  expect(checksOf(readMessage(startDebate(), from('gateway')))).toBeUndefined();
});

test('nobody speaks for the other side', () => {
  expect(readMessage(turnReplied(1, 'pro'), from('debater-a'))).toMatchObject({ stream: 'd' });
  for (const source of ['debater-b', 'gateway', 'moderator']) {
    expect(readMessage(turnReplied(1, 'pro'), from(source))).toEqual({ invalid: `${source} may not speak for pro` });
  }
});
