import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { toKafka } from '@parley/contracts';
import { gate, until } from '@parley/testkit';
import type { RawRecord } from '../src/index.ts';
import { messageOf, messagesOf, Notes, range, read } from './reader.ts';
import { describeOnKafka, kafkaFixture, plainClient } from './real-kafka.ts';

describeOnKafka('reading from a real Kafka', () => {
  const kafka = kafkaFixture();
  const children: ChildProcess[] = [];
  beforeAll(() => kafka.open());
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await kafka.stopBuses();
  });
  afterAll(() => kafka.close());

  test('hands over what is no message, whatever it is, and goes on', async () => {
    const topic = await kafka.topic(1, 4_000_000);
    const producer = plainClient().producer({ idempotent: true });
    await producer.connect();
    const { headers } = toKafka(messageOf('s', 1));
    const good = (n: number) => ({ ...toKafka(messageOf('s', n)) });
    const bad: [string, { key?: string | Buffer | null; value: string | Buffer | null; headers?: object }, RegExp][] = [
      ['null', { value: null, headers }, /^value is null/],
      ['no JSON', { value: '{"number":', headers }, /^value is not JSON/],
      ['no headers', { value: '{}' }, /^header ce_specversion is missing/],
      ['no UTF-8', { value: Buffer.from([0x22, 0xff, 0xfe, 0x22]), headers }, /^value is not UTF-8/],
      ['no UTF-8 in a header', { value: '{}', headers: { ...headers, ce_id: Buffer.from([0xff]) } }, /ce_id is not/],
      ['nested 200,000 deep', { value: '['.repeat(200_000) + ']'.repeat(200_000), headers }, /nested deeper than 500/],
      ['nested 501 deep', { value: `${'{"a":'.repeat(501)}1${'}'.repeat(501)}`, headers }, /nested deeper than 500/],
      ['too large', { value: `"${'x'.repeat(2_000_000)}"`, headers }, /^value is 2000002 bytes, .*cut$/],
    ];
    const records = bad.flatMap(([, record], i) => [{ key: 's', ...record }, good(i + 2)]);
    // One by one, because a batch with the large one is too large; the client merges no separate sends.
    for (const record of [good(1), ...records]) {
      await producer.send({ topic, messages: [record as { key: string; value: string }] });
    }
    await producer.disconnect();
    const notes = new Notes();
    const kept: (RawRecord & { readonly reason: string })[] = [];
    let throws = 1;
    await read(kafka.bus(), topic, 'readers', notes, {
      onInvalid: async (place, raw, reason) => {
        expect(place).toEqual({ topic, partition: 0, offset: expect.stringMatching(/^\d+$/) });
        if (throws-- > 0) throw new TypeError('the database is down');
        kept.push({ ...raw, reason });
      },
    });
    await until('all have arrived', () => notes.size === bad.length + 1 && kept.length === bad.length);
    expect(notes.numbers('s')).toEqual(range(1, bad.length + 1));
    for (const [i, [, , reason]] of bad.entries()) expect(kept[i]?.reason).toMatch(reason);
    expect(kept[0]?.value).toBeNull();
    expect(kept[3]?.value).toBe('Iv/+Ig==');
    for (const raw of kept) expect(Buffer.byteLength(JSON.stringify(raw))).toBeLessThan(1_000_000);
    expect(kafka.events.filter(({ type }) => type === 'record-invalid')).toHaveLength(bad.length);
    expect(kafka.events.filter(({ type }) => type === 'crashed')).toEqual([]);
  });

  test('survives what silences the client for good, and keeps other partitions going meanwhile', async () => {
    const topic = await kafka.topic(4);
    const bus = kafka.bus();
    const notes = new Notes();
    const all = range(1, 20).map((n) => messageOf(`s${n}`, n));
    await bus.publish(topic, all);
    const faults = [TypeError, RangeError, SyntaxError, ReferenceError];
    let isBroken = true;
    let thrown = 0;
    await read(bus, topic, 'readers', notes, {
      handler: async (batch) => {
        if (isBroken && batch[0]?.partition === 0) throw new (faults[thrown++ % 4] ?? Error)('a bug');
        notes.take(batch);
      },
    });
    await until('it has failed with each, and the rest has arrived', () => thrown > 4 && notes.size > 0);
    expect(new Set(notes.deliveries.map(({ partition }) => partition))).toEqual(new Set([1, 2, 3]));
    await bus.publish(topic, [messageOf('s2', 100)]);
    isBroken = false;
    await until('all have arrived', () => notes.size === 21);
    const failed = kafka.events.filter((event) => event.type === 'batch-failed');
    expect(failed.map(({ failures }) => failures)).toEqual(range(1, failed.length));
    expect(failed.slice(0, 4).map(({ retryInMs }) => retryInMs)).toEqual([1, 2, 4, 4]);
  });

  test('stays in its group while a handler takes longer than a session', async () => {
    const topic = await kafka.topic();
    const bus = kafka.bus();
    const slow = gate();
    const notes = new Notes();
    await bus.publish(topic, messagesOf('s', 1, 2));
    await read(bus, topic, 'readers', notes, {
      maxBatch: 1,
      handler: async (batch) => {
        if (notes.size === 0) await slow.passed;
        notes.take(batch);
      },
    });
    const since = Date.now();
    await until('a session has passed', () => Date.now() - since > 12_000);
    expect(bus.health().groups[0]?.heartbeatAgeMs).toBeLessThan(5_000);
    slow.open();
    await until('both have arrived', () => notes.size === 2);
    expect(notes.deliveries).toHaveLength(2);
    expect(kafka.events.filter(({ type }) => type === 'group-joined')).toHaveLength(1);
  });

  test('takes over the partitions of a member that is killed, and gives some to one that comes', async () => {
    const topic = await kafka.topic(4);
    const bus = kafka.bus();
    const group = 'readers';
    const file = fileURLToPath(new URL('kafka-member.ts', import.meta.url));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, topic, group], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const heard = new Set<number>();
    createInterface({ input: child.stdout }).on('line', (line) => heard.add(Number(line.split(' ')[1])));
    let n = 0;
    const publish = () => bus.publish(topic, [messageOf(`s${n % 40}`, ++n)]);
    await until('the child reads', () => heard.size > 0, 20_000, publish);
    const notes = new Notes();
    await read(bus, topic, group, notes);
    const before = heard.size;
    await until('both read', () => notes.size > 10 && heard.size > before + 10, 20_000, publish);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const killedAt = Date.now();
    const known = () =>
      new Set([...heard, ...notes.deliveries.map(({ message }) => (message.data as { number: number }).number)]);
    await until('the rest has everything', () => known().size === n, 30_000);
    expect(Date.now() - killedAt).toBeLessThan(20_000);
    const joins = () => kafka.events.flatMap((event) => (event.type === 'group-joined' ? [event.partitions] : []));
    await until('it has all partitions', () => joins().at(-1) === 4);
    expect(joins()).toContain(2);
  });

  test('reports the end of a member that its group will never let in again', async () => {
    const topic = await kafka.topic();
    const group = `odd.${topic}`;
    const odd = plainClient().consumer({
      groupId: group,
      maxWaitTimeInMs: 100,
      partitionAssigners: [
        () => ({
          name: 'odd',
          version: 1,
          protocol: () => ({ name: 'odd', metadata: Buffer.alloc(0) }),
          assign: async () => [],
        }),
      ],
    });
    await odd.connect();
    await odd.subscribe({ topic });
    const joined = new Promise((resolve) => odd.on(odd.events.GROUP_JOIN, resolve));
    await odd.run({ eachMessage: async () => {} });
    await joined;
    await read(kafka.bus(), topic, group, new Notes());
    await until('it is reported', () => kafka.events.some(({ type }) => type === 'crashed'));
    expect(kafka.events.find(({ type }) => type === 'crashed')).toMatchObject({ type: 'crashed', group });
    await odd.disconnect();
  });

  test('hears at once of what comes while it waits', async () => {
    const topic = await kafka.topic();
    const bus = kafka.bus();
    const notes = new Notes();
    await read(bus, topic, 'readers', notes);
    await bus.publish(topic, [messageOf('s', 1)]);
    await until('the first is there', () => notes.size === 1);
    const tookMs: number[] = [];
    for (const n of range(2, 12)) {
      const began = performance.now();
      await bus.publish(topic, [messageOf('s', n)]);
      await until('it is there', () => notes.size === n);
      tookMs.push(performance.now() - began);
    }
    // Were they to wait for the end of a fetch, half of them would take longer than half of it.
    expect(tookMs.toSorted((a, b) => a - b)[5]).toBeLessThan(250);
  });

  test('sets no timers for connections without work', async () => {
    const topic = await kafka.topic();
    const bus = kafka.bus();
    const notes = new Notes();
    await read(bus, topic, 'readers', notes);
    await bus.publish(topic, [messageOf('s', 1)]);
    await until('it has arrived', () => notes.size === 1);
    const original = globalThis.setTimeout;
    let timers = 0;
    const counting = (...given: Parameters<typeof original>) => {
      timers++;
      return original(...given);
    };
    globalThis.setTimeout = Object.assign(counting, { __promisify__: original.__promisify__ });
    try {
      await new Promise((resolve) => original(resolve, 2_000));
    } finally {
      globalThis.setTimeout = original;
    }
    // Without the cure they are some 1,700 a second.
    expect(timers).toBeLessThan(10);
  });
});
