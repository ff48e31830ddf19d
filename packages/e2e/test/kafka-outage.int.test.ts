import { afterAll, describe, expect, test } from '@jest/globals';
import { createKafkaBus, ensureTopics, type KafkaBus } from '@parley/bus/kafka';
import { createConsumerLiveness } from '@parley/runtime/host';
import { until, whyMissing } from '@parley/testkit';
import { kafkaDown, kafkaNode, kafkaUp } from '@parley/tools';
import { runOutage } from '../src/kafka-outage.ts';

const name = `outage-${process.pid}`;

// Its own cluster, because it kills it. Skipped only where no Kafka can be had at all, and then it says why.
const missing = await whyMissing('kafka', kafkaUp({ name }));

const whole = { lost: 0, outOfOrder: 0, rejected: 0, crashed: 0 };

(missing === undefined ? describe : describe.skip)('a broker that is killed with -9 in the middle of traffic', () => {
  let bus: KafkaBus | undefined;
  afterAll(async () => {
    await bus?.stop();
    await kafkaDown({ name, isPurged: true });
  });

  test('the only one: nothing is lost, all is in order, and it is waited for', async () => {
    const found = await runOutage({ name, kills: 2 });
    expect(found).toMatchObject(whole);
    expect(found.published).toBeGreaterThan(900);
    expect(found.longestSilenceMs).toBeLessThan(30_000);
    expect(found.longestResumeMs).toBeLessThan(30_000);
    await kafkaDown({ name, isPurged: true });
  }, 120_000);

  test('a process that hears nothing because of it stays alive; one that hears nothing without it does not', async () => {
    const { brokers } = await kafkaUp({ name });
    const connection = { brokers: brokers.split(','), clientId: 'hearing' };
    const topic = { owner: ['test'], readers: ['test'], purpose: 'A test.', retentionHours: 1, isDurable: false };
    await ensureTopics(connection, [{ ...topic, name: 'hearing', partitions: 1 }], { replicationFactor: 1 });
    bus = createKafkaBus({ ...connection, onEvent: () => {} });
    const limits = { deaf: 5_000, back: 45_000 };
    const now = () => performance.now();
    const alive = createConsumerLiveness({ bus, now, limits });
    const { reaches } = bus;
    await bus.subscribe({ topics: ['hearing'], group: 'hearers', async handler() {} });
    // One that was never a member misses nothing.
    const { health } = bus;
    await until('it is a member of its group', () => health().groups.some(({ hasJoined }) => hasJoined), 60_000);
    expect(await alive()).toBe('ok');
    const isAway = async () => (await alive()).endsWith('and nobody would: brokers are away');
    await kafkaNode(1, 'kill9', { name });
    await until('the silence is noticed', isAway, 60_000);
    await kafkaNode(1, 'start', { name });
    await until('it hears again', async () => (await alive()) === 'ok', 90_000);
    // Connections stand, and nobody answers on them.
    await kafkaNode(1, 'pause', { name });
    await until('that silence is noticed, too', isAway, 60_000);
    await kafkaNode(1, 'resume', { name });
    await until('it hears again', async () => (await alive()) === 'ok', 90_000);
    // What a consumer that has died without a word looks like.
    const groups = [{ group: 'hearers', hasJoined: true, heartbeatAgeMs: 60_000 }];
    const died = { health: () => ({ publishWaitingMs: 0, groups }), reaches };
    const stuck = createConsumerLiveness({ bus: died, now, limits: { deaf: 5_000, back: 500 } });
    const isDead = () =>
      stuck().then(
        () => false,
        ({ message }: Error) => message.includes('while others reach it'),
      );
    await until('it is to be replaced', isDead);
    // With its brokers gone a bus leaves connections behind that only the end of the process closes.
    await bus.stop();
    bus = undefined;
    await kafkaDown({ name, isPurged: true });
  }, 360_000);

  // Only with several brokers can a part of a request fail: the client alone then lost messages.
  test('one of three, in turn: nothing is lost, all is in order, and the others go on', async () => {
    await kafkaUp({ name, brokers: 3 });
    const found = await runOutage({ name, kills: 3 });
    expect(found).toMatchObject(whole);
    expect(found.longestSilenceMs).toBeLessThan(30_000);
    expect(found.longestResumeMs).toBeLessThan(30_000);
  }, 240_000);
});
