import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createKafkaBus } from '@parley/bus/kafka';
import type { Message } from '@parley/contracts';
import { whyMissing } from '@parley/testkit';
import { kafkaDown, kafkaNode, kafkaStatus, kafkaUp } from '../src/index.ts';

const name = `test-${process.pid}`;
const topic = 'kept';

// Skipped only where no Kafka can be had at all, and then it says why.
const missing = await whyMissing('kafka', kafkaUp({ name }));

function messageAt(n: number): Message {
  return { id: `m-${n}`, type: 'noted.v1', source: 'test', subject: 's', time: '2026-01-01T00:00:00.000Z', data: n };
}

async function numbersIn(brokers: string, count: number): Promise<unknown[]> {
  const bus = createKafkaBus({ brokers: brokers.split(','), clientId: 'test', onEvent: () => {} });
  const found: unknown[] = [];
  const all = Promise.withResolvers<void>();
  await bus.subscribe({
    topics: [topic],
    group: `readers-${count}`,
    async handler(batch) {
      found.push(...batch.map(({ message }) => message.data));
      if (found.length >= count) all.resolve();
    },
  });
  await all.promise;
  await bus.stop();
  return found;
}

(missing === undefined ? describe : describe.skip)('the throw-away Kafka', () => {
  afterAll(() => kafkaDown({ name, isPurged: true }));

  test('runs on loopback alone, once, whoever asks for it at the same time', async () => {
    const [up, again] = await Promise.all([kafkaUp({ name }), kafkaUp({ name })]);
    expect(again).toEqual(up);
    expect(await kafkaStatus({ name })).toEqual(up);
    expect(up.brokers).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(up.nodes).toMatchObject([{ node: 1, address: up.brokers, isServing: true }]);
    await expect(kafkaUp({ name, brokers: 3 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('has every acknowledged message again after kill -9 and a start, on the same port', async () => {
    const { brokers } = await kafkaUp({ name });
    const { ensureTopics } = await import('@parley/bus/kafka');
    const about = { owner: ['test'], readers: ['test'], purpose: 'A test.' };
    await ensureTopics(
      { brokers: brokers.split(','), clientId: 'test' },
      [{ ...about, name: topic, partitions: 1, retentionHours: 1, isDurable: false }],
      { replicationFactor: 1 },
    );
    const bus = createKafkaBus({ brokers: brokers.split(','), clientId: 'test', onEvent: () => {} });
    for (let n = 1; n <= 200; n++) await bus.publish(topic, [messageAt(n)]);
    await kafkaNode(1, 'kill9', { name });
    expect((await kafkaStatus({ name }))?.nodes).toMatchObject([{ pid: undefined, isServing: false }]);
    await kafkaNode(1, 'start', { name });
    expect((await kafkaStatus({ name }))?.brokers).toBe(brokers);
    expect(await numbersIn(brokers, 200)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    await bus.stop();
  });

  test('is silent while paused, and keeps its data over down and up', async () => {
    const { brokers } = await kafkaUp({ name });
    await kafkaNode(1, 'pause', { name });
    expect((await kafkaStatus({ name }))?.nodes).toMatchObject([{ pid: expect.any(Number), isServing: false }]);
    await kafkaNode(1, 'resume', { name });
    await kafkaDown({ name });
    expect((await kafkaStatus({ name }))?.nodes).toMatchObject([{ pid: undefined }]);
    expect((await kafkaUp({ name })).brokers).toBe(brokers);
    expect(await numbersIn(brokers, 199)).toHaveLength(200);
  });

  test('refuses ports that are somebody else’s, nodes that are not there, and a name out of its folder', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.on('listening', resolve));
    const { port } = stranger.address() as { port: number };
    const taken = kafkaUp({ name: `${name}-taken`, port });
    await expect(taken).rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(String(port)) });
    stranger.close();
    await kafkaDown({ name: `${name}-taken`, isPurged: true });
    await expect(kafkaNode(2, 'kill9', { name })).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    await expect(kafkaDown({ name: '../..', isPurged: true })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('leaves nothing behind after down with purge', async () => {
    const { nodes } = await kafkaUp({ name });
    await kafkaDown({ name, isPurged: true });
    expect(existsSync(dirname(nodes[0]?.logFile ?? '.'))).toBe(false);
    expect(await kafkaStatus({ name })).toBeUndefined();
  });
});
