import { expect, test } from '@jest/globals';
import { attemptLimitMs, startWatchdog } from './watchdog.ts';

const never = new AbortController().signal;

test('an attempt with models behind it gets half of what is left, the last one no limit of its own', () => {
  expect(attemptLimitMs(600, 2)).toBe(300);
  expect(attemptLimitMs(-5, 1)).toBe(0);
  expect(attemptLimitMs(600, 0)).toBeUndefined();
});

test('signs of life do not hold up the limit of the whole attempt', async () => {
  const watch = startWatchdog('m', never, { firstTokenMs: 5_000, stallMs: 5_000, totalMs: 30 });
  const beat = setInterval(() => watch.progress(), 2);
  await new Promise((resolve) => watch.signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(beat);
  watch.close();
  expect(watch.failure()).toMatchObject({
    code: 'MODEL_TIMEOUT',
    retryable: true,
    message: expect.stringMatching(/still answering after 30 ms/),
  });
});
