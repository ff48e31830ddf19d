import { expect, test } from '@jest/globals';
import { consumerReadiness, createConsumerLiveness } from '../src/consumer-health.ts';

/** A process whose consumer and brokers are as the test says, at the time that it says. */
function processOf(consumer: { hasJoined: boolean; heardAt: number }, brokers: { isAway: boolean }) {
  let atMs = 0;
  let asked = 0;
  const alive = createConsumerLiveness({
    now: () => atMs,
    bus: {
      health: () => {
        const { hasJoined, heardAt } = consumer;
        return { publishWaitingMs: 0, groups: [{ group: 'moderator', hasJoined, heartbeatAgeMs: atMs - heardAt }] };
      },
      async reaches() {
        asked += 1;
        return !brokers.isAway;
      },
    },
  });
  return {
    asked: () => asked,
    at(seconds: number) {
      atMs = seconds * 1_000;
      return alive();
    },
  };
}

test('A consumer that hears is alive, and brokers are not asked.', async () => {
  const one = processOf({ hasJoined: true, heardAt: 0 }, { isAway: false });
  expect(await one.at(59)).toBe('ok');
  expect(one.asked()).toBe(0);
});

test('One that waits for brokers since its start is alive: the next one would wait as long.', async () => {
  const one = processOf({ hasJoined: false, heardAt: 0 }, { isAway: true });
  expect(await one.at(600)).toBe('ok');
});

test('Brokers that are away for an hour restart nobody, and the answer says why nothing is heard.', async () => {
  const one = processOf({ hasJoined: true, heardAt: 0 }, { isAway: true });
  for (const seconds of [61, 180, 3_600])
    expect(await one.at(seconds)).toBe(
      `the consumer of moderator has heard nothing for ${seconds * 1_000} ms, and nobody would: brokers are away`,
    );
});

test('A consumer that hears nothing while others reach its group for 45 s is to be replaced.', async () => {
  const one = processOf({ hasJoined: true, heardAt: 0 }, { isAway: false });
  expect(await one.at(61)).toContain('brokers answer for 0 ms');
  expect(await one.at(105)).toContain('brokers answer for 44000 ms');
  await expect(one.at(107)).rejects.toThrow(
    'the consumer of moderator has heard nothing for 107000 ms, while others reach it for 46000 ms',
  );
});

test('After an outage a consumer has its time to come back, and every outage begins anew.', async () => {
  const brokers = { isAway: true };
  const consumer = { hasJoined: true, heardAt: 0 };
  const one = processOf(consumer, brokers);
  await one.at(300);
  brokers.isAway = false;
  expect(await one.at(310)).toContain('brokers answer for 0 ms');
  brokers.isAway = true;
  expect(await one.at(350)).toContain('brokers are away');
  brokers.isAway = false;
  expect(await one.at(360)).toContain('brokers answer for 0 ms');
  consumer.heardAt = 370_000;
  expect(await one.at(371)).toBe('ok');
  expect(await one.at(440)).toContain('brokers answer for 0 ms');
  await expect(one.at(490)).rejects.toThrow('while others reach it');
});

test('Out of its group an agent is not ready; a gateway is, and says where its commands are.', () => {
  const health = (heartbeatAgeMs: number, hasJoined = true) => ({
    publishWaitingMs: 40,
    groups: [{ group: 'moderator', hasJoined, heartbeatAgeMs }],
  });
  expect(consumerReadiness(health(3_000), false)).toBe('moderator heard 3000 ms ago, oldest unsent for 40 ms');
  expect(() => consumerReadiness(health(31_000), false)).toThrow(
    'moderator heard 31000 ms ago, oldest unsent for 40 ms: brokers',
  );
  expect(consumerReadiness(health(31_000), true)).toMatch(/: commands wait in the outbox$/);
});
