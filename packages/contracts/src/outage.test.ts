import { describe, expect, test } from '@jest/globals';
import { againAt, baseOf, isPassing, type PassingFailure, waitedFor, waitFor, waitUntil } from './outage.ts';

const failure: PassingFailure = {
  type: 'effect.failed',
  effect: 'judge',
  key: 'judge/1',
  code: 'MODEL_OVERLOADED',
  reason: 'Busy.',
  isPassing: true,
};
const day = 86_400_000;
/** Length of a wait that begins when the outage has lasted for that time. */
const pauseAfter = (lastedMs: number, of = failure) => waitFor(of, 0, lastedMs, day).dueAt - lastedMs;

describe('a wait for something that is away', () => {
  test.each([
    ['a second at first', 0, 1_000],
    ['half of what the outage has lasted', 20_000, 10_000],
    ['at most 15 s in its first five minutes', 300_000, 15_000],
    ['a twentieth of it from then on', 600_000, 30_000],
    ['never more than a minute', 7_200_000, 60_000],
  ])('takes %s', (_, lastedMs, pauseMs) => {
    expect(pauseAfter(lastedMs)).toBe(pauseMs);
  });

  test('is no shorter than the server wishes', () => {
    expect(pauseAfter(0, { ...failure, retryAfterMs: 30_000.2 })).toBe(30_001);
    expect(pauseAfter(20_000, { ...failure, retryAfterMs: 5 })).toBe(10_000);
  });

  test('ends when there is nothing to wait for any more, whatever the server wishes', () => {
    expect(waitFor({ ...failure, retryAfterMs: 30_000 }, 0, 4_000, 4_500).dueAt).toBe(4_500);
  });

  test('ends when the caller says, where the caller knows', () => {
    expect(waitUntil(failure, 4_000, 64_000).dueAt).toBe(64_000);
  });

  test('is a timer of its own for each attempt, which names what failed', () => {
    const first = waitFor(failure, 1_000, 1_000, day);
    const second = waitFor({ ...failure, key: againAt(failure.key, 2_000) }, 1_000, 9_000, day);
    expect([first.key, second.key]).toEqual(['wait/judge/1@1000', 'wait/judge/1@9000']);
    expect([first.key, second.key].map((key) => baseOf(waitedFor(key) ?? ''))).toEqual(['judge/1', 'judge/1']);
    expect(first).toMatchObject({ effect: { type: 'timer', data: { name: 'model-wait' } }, isIdempotent: true });
    expect(waitedFor('verdict')).toBeUndefined();
  });
});

test('only a failure that says so is worth a wait', () => {
  const { isPassing: _, ...lasting } = failure;
  expect([failure, lasting].map(isPassing)).toEqual([true, false]);
});
