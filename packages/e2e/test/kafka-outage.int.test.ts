import { afterAll, describe, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import { kafkaDown, kafkaUp } from '@parley/tools';
import { runOutage } from '../src/kafka-outage.ts';

const name = `outage-${process.pid}`;

// Its own cluster, because it kills it. Skipped only where no Kafka can be had at all, and then it says why.
const missing = await whyMissing('kafka', kafkaUp({ name }));

const whole = { lost: 0, outOfOrder: 0, rejected: 0, crashed: 0 };

(missing === undefined ? describe : describe.skip)('a broker that is killed with -9 in the middle of traffic', () => {
  afterAll(() => kafkaDown({ name, isPurged: true }));

  test('the only one: nothing is lost, all is in order, and it is waited for', async () => {
    const found = await runOutage({ name, kills: 2 });
    expect(found).toMatchObject(whole);
    expect(found.published).toBeGreaterThan(900);
    expect(found.longestSilenceMs).toBeLessThan(30_000);
    expect(found.longestResumeMs).toBeLessThan(30_000);
    await kafkaDown({ name, isPurged: true });
  }, 120_000);

  // Only with several brokers can a part of a request fail: the client alone then lost messages.
  test('one of three, in turn: nothing is lost, all is in order, and the others go on', async () => {
    await kafkaUp({ name, brokers: 3 });
    const found = await runOutage({ name, kills: 3 });
    expect(found).toMatchObject(whole);
    expect(found.longestSilenceMs).toBeLessThan(30_000);
    expect(found.longestResumeMs).toBeLessThan(30_000);
  }, 240_000);
});
