import { expect, test } from '@jest/globals';
import { pushWaitSeconds } from './push.ts';

test('waits double from a second to five minutes, and end after about a day', () => {
  const waits: number[] = [];
  for (let failures = 1; failures < 1_000; failures++) {
    const wait = pushWaitSeconds(failures);
    if (wait === undefined) break;
    waits.push(wait);
  }
  expect(waits.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThan(24.1);
});
