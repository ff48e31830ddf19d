import { afterAll, describe, expect, test } from '@jest/globals';
import { isParleyError, messageOf } from '@parley/contracts';
import { kafkaDown, kafkaUp } from '@parley/tools';
import { runOutage } from '../src/kafka-outage.ts';

const name = `outage-${process.pid}`;
const { CI, PARLEY_TEST_COMPONENTS = '' } = process.env;

// Its own cluster, because it kills it. Skipped only where no Kafka can be had at all, and then it says why.
const missing = await kafkaUp({ name }).then(
  () => undefined,
  (thrown: unknown) => {
    const isExpected = CI !== 'true' || !PARLEY_TEST_COMPONENTS.split(',').includes('kafka');
    if (isExpected && isParleyError(thrown) && thrown.code === 'BUS_UNAVAILABLE') return messageOf(thrown);
    throw thrown;
  },
);
if (missing !== undefined) console.warn(`Skipped: ${missing}`);

(missing === undefined ? describe : describe.skip)('a broker that is killed with -9 in the middle of traffic', () => {
  afterAll(() => kafkaDown({ name, isPurged: true }));

  test('loses nothing that was published, keeps its order, and is waited for', async () => {
    const found = await runOutage({ name, kills: 2 });
    expect(found).toMatchObject({ lost: 0, outOfOrder: 0, rejected: 0, crashed: 0 });
    expect(found.published).toBeGreaterThan(500);
    expect(found.longestSilenceMs).toBeLessThan(30_000);
    expect(found.longestResumeMs).toBeLessThan(15_000);
  }, 120_000);
});
