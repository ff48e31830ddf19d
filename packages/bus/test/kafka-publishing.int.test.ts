import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { createKafkaBus, ensureTopics } from '../src/kafka/index.ts';
import { messageOf, messagesOf, Notes, range, read } from './reader.ts';
import { brokers, describeOnKafka, freshName, kafkaFixture, plainClient } from './real-kafka.ts';

describeOnKafka('publishing to a real Kafka', () => {
  const kafka = kafkaFixture();
  beforeAll(() => kafka.open());
  afterEach(() => kafka.stopBuses());
  afterAll(() => kafka.close());

  // The client alone reorders them: the next test fails when that is no longer so, and the queue can then go.
  test('keeps the order of publishes that are under way together, in the same tick or in the next ones', async () => {
    const topic = await kafka.topic();
    const bus = kafka.bus();
    const notes = new Notes();
    await read(bus, topic, 'readers', notes);
    let n = 0;
    const published: Promise<void>[] = [];
    for (const round of range(1, 50)) {
      for (const _ of range(1, 10)) published.push(bus.publish(topic, [messageOf('s', ++n)]));
      if (round % 3 === 0) await new Promise(setImmediate);
      if (round % 7 === 0) await Promise.all(published);
    }
    await Promise.all(published);
    await until('all have arrived', () => notes.size === 500);
    expect(notes.numbers('s')).toEqual(range(1, 500));
    expect(notes.deliveries).toHaveLength(500);
    // kafkajs warns of an idempotent producer with few retries; ours counts on none, and makes itself anew instead.
    const warnings = kafka.events.flatMap((event) => (event.type === 'client-warning' ? [event.text] : []));
    expect(warnings.filter((text) => /idempotent/i.test(text))).toEqual([]);
  });

  test('the client alone would reorder what is sent together', async () => {
    const topic = await kafka.topic();
    const producer = plainClient().producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'warm' }] });
    let reordered = 0;
    for (const _ of range(1, 20)) {
      const sent = range(1, 10).map((n) => producer.send({ topic, messages: [{ key: 's', value: String(n) }] }));
      const offsets = (await Promise.all(sent)).map(([answer]) => Number(answer?.baseOffset));
      if (offsets.some((offset, i) => offset < (offsets[i - 1] ?? 0))) reordered++;
    }
    await producer.disconnect();
    expect(reordered).toBeGreaterThan(0);
  });

  test('sends an array that is larger than any batch, in order, and one message of nearly 1 MiB', async () => {
    const topic = await kafka.topic(1, 1_114_112);
    const bus = kafka.bus();
    const notes = new Notes();
    await read(bus, topic, 'readers', notes);
    const large = messagesOf('s', 1, 8).map((message, i) => ({
      ...message,
      subject: 's',
      data: { number: i + 1, text: 'x'.repeat(i === 3 ? 1_048_000 : 400_000) },
    }));
    await bus.publish(topic, large);
    await until('all have arrived', () => notes.size === 8);
    expect(notes.numbers('s')).toEqual(range(1, 8));
  });

  test('puts a subject in one partition, whichever process publishes', async () => {
    const topic = await kafka.topic(6);
    const [left, right] = [kafka.bus(), kafka.bus()];
    const notes = new Notes();
    await read(left, topic, 'readers', notes);
    for (const s of range(1, 20)) for (const bus of [left, right]) await bus.publish(topic, [messageOf(`s${s}`, s)]);
    await until('all have arrived', () => notes.size === 40);
    const places = Map.groupBy(notes.deliveries, ({ message }) => message.subject);
    for (const all of places.values()) expect(new Set(all.map(({ partition }) => partition)).size).toBe(1);
    expect(new Set(notes.deliveries.map(({ partition }) => partition)).size).toBeGreaterThan(2);
  });

  test('waits for a topic that does not exist yet, without holding up the others', async () => {
    const topic = await kafka.topic();
    const bus = kafka.bus();
    const later = freshName('later');
    let isPublished = false;
    const published = bus.publish(later, messagesOf('s', 1, 3)).then(() => {
      isPublished = true;
    });
    await until('it was tried', () => kafka.events.some(({ type }) => type === 'publish-failed'));
    await bus.publish(topic, [messageOf('s', 1)]);
    expect(isPublished).toBe(false);
    expect(bus.health().publishWaitingMs).toBeGreaterThan(0);
    await kafka.admin.createTopics({ topics: [{ topic: later }], waitForLeaders: false });
    await published;
    expect(bus.health().publishWaitingMs).toBe(0);
    await kafka.admin.deleteTopics({ topics: [later] });
  });

  test('rejects on stop what could not be sent, retryable', async () => {
    const bus = kafka.bus();
    const published = bus.publish(freshName('never'), [messageOf('s', 1)]);
    const refused = expect(published).rejects.toMatchObject({ code: 'BUS_STOPPED', retryable: true });
    await until('it was tried', () => kafka.events.some(({ type }) => type === 'publish-failed'));
    await bus.stop();
    await refused;
  });

  test('drops broadcasts while it has no connection, and says so', async () => {
    const bus = createKafkaBus({
      brokers,
      clientId: 'test',
      onEvent: (event) => void kafka.events.push(event),
    });
    kafka.events.length = 0;
    const topic = await kafka.topic();
    bus.broadcast(topic, messageOf('s', 1));
    expect(kafka.events).toEqual([{ type: 'broadcast-dropped', topic, reason: 'not-connected' }]);
    await bus.stop();
    bus.broadcast(topic, messageOf('s', 2));
    expect(kafka.events.at(-1)).toEqual({ type: 'broadcast-dropped', topic, reason: 'stopped' });
  });

  test('the topics job makes what is missing, once, and says what differs', async () => {
    const name = freshName('job');
    const about = { owner: ['a'], readers: ['b'], purpose: 'A test.' };
    const durable = { ...about, name, partitions: 2, retentionHours: 5, isDurable: true };
    const fleeting = { ...about, name: `${name}.fleeting`, partitions: 1, retentionHours: 1, isDurable: false };
    const connection = { brokers, clientId: 'test' };
    const all = [name, `${name}.dlq`, fleeting.name];
    const run = () => ensureTopics(connection, [durable, fleeting], { replicationFactor: 1 });
    const reports = await Promise.all([run(), run()]);
    expect(reports.flatMap(({ created }) => created).toSorted()).toEqual(all.toSorted());
    expect(await run()).toEqual({ created: [], present: all, differences: [] });
    const changed = { ...durable, partitions: 3, retentionHours: 6 };
    const { differences } = await ensureTopics(connection, [changed], { replicationFactor: 1 });
    expect(differences).toEqual([
      { topic: name, setting: 'partitions', expected: '3', found: '2' },
      { topic: name, setting: 'retention.ms', expected: '21600000', found: '18000000' },
    ]);
    const tooMany = ensureTopics(connection, [{ ...durable, name: `${name}.x` }], { replicationFactor: 9 });
    await expect(tooMany).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', message: expect.stringContaining('.x') });
    await kafka.admin.deleteTopics({ topics: all });
  });
});
