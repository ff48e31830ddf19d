import { expect, test } from '@jest/globals';
import { isInTime, runDribble } from '../src/dribble.ts';
import { outageCalls as calls, runOutage } from '../src/outage.ts';

// They wait most of the time, so all of them at once take hardly longer than one.
test('debates end with a verdict whatever call their only model goes away at, and in time when a judge never ends its answer', async () => {
  const [results, dribbled] = await Promise.all([
    Promise.all(calls.map((at) => runOutage({ at, debates: 10, downMs: 15_000, isRestarted: true }))),
    // A second holds as well (npm run chaos -- --dribble 1), where a round is sure to take less.
    runDribble({ debates: 10, deadlineSeconds: 5 }),
  ]);
  expect(results).toMatchObject(calls.map((at) => ({ at, verdicts: 10, violations: [] })));
  for (const { told } of results) expect(told).toBeGreaterThan(0);
  console.info(JSON.stringify(dribbled));
  expect(dribbled).toMatchObject({ mostSeconds: 35, unjudged: 10, violations: [] });
  expect(isInTime(dribbled)).toBe(true);
}, 180_000);

test('a hundred waiting debates ask a busy server at most once a second', async () => {
  const result = await runOutage({ at: 'turn', debates: 100, rounds: 1, downMs: 20_000, busyMs: 15_000 });
  expect(result).toMatchObject({ verdicts: 100, violations: [] });
  expect(result.mostProbesASecond).toBeLessThanOrEqual(1);
}, 180_000);
