import { afterEach, describe, expect, test } from '@jest/globals';
import { gate, until } from '@parley/testkit';
import { type BusEvent, createMemoryBus, type MemoryBusOptions, type MessageBus } from '../src/index.ts';
import { busContract } from './contract.ts';
import { messageOf, messagesOf, Notes, range, read } from './reader.ts';

const redeliveryDelayMs = { initial: 1, max: 4 };
for (const partitions of [1, 6]) {
  busContract(`memory with ${partitions} partition(s)`, async () => ({
    bus: createMemoryBus({ partitions, redeliveryDelayMs }),
    topic: 'parley.test',
    deltas: 'parley.deltas',
  }));
}

describe('the bus in memory', () => {
  const topic = 'parley.test';
  const events: BusEvent[] = [];
  let bus: MessageBus;
  const make = (options: MemoryBusOptions = {}) => {
    events.length = 0;
    bus = createMemoryBus({ redeliveryDelayMs, onEvent: (event) => events.push(event), ...options });
    return bus;
  };
  afterEach(() => bus.stop());

  test('resolves a publish only when every group has taken the messages over', async () => {
    make();
    const slow = gate();
    const fast = new Notes();
    await read(bus, topic, 'fast', fast);
    await read(bus, topic, 'slow', new Notes(), { handler: () => slow.passed });
    let isPublished = false;
    const published = bus.publish(topic, messagesOf('s', 1, 3)).then(() => {
      isPublished = true;
    });
    await until('the fast group has them', () => fast.size === 3);
    await new Promise(setImmediate);
    expect(isPublished).toBe(false);
    slow.open();
    await published;
  });

  test('resolves a publish at once when the topic has no group', async () => {
    make();
    await bus.publish(topic, messagesOf('s', 1, 3));
    await bus.publish(topic, []);
  });

  test('waits for a group that is expected but has not subscribed yet', async () => {
    make({ expectedGroups: (name) => (name === topic ? ['moderator'] : []) });
    let isPublished = false;
    const published = bus.publish(topic, [messageOf('s', 1)]).then(() => {
      isPublished = true;
    });
    await new Promise(setImmediate);
    expect(isPublished).toBe(false);
    const notes = new Notes();
    await read(bus, topic, 'moderator', notes);
    await published;
    expect(notes.numbers('s')).toEqual([1]);
  });

  test('retains a bounded number of messages for groups that come later, and all that a known group needs', async () => {
    make({ retainMessages: 100 });
    for (let n = 1; n <= 1_000; n += 10) await bus.publish(topic, messagesOf('s', n, n + 9));
    const late = new Notes();
    const member = await read(bus, topic, 'late', late);
    await until('the last has arrived', () => late.numbers('s').at(-1) === 1_000);
    expect(late.size).toBeGreaterThanOrEqual(100);
    expect(late.size).toBeLessThan(200);
    await member.stop();
    const published = bus.publish(topic, messagesOf('s', 1_001, 2_000));
    const again = new Notes();
    await read(bus, topic, 'late', again);
    await published;
    expect(again.numbers('s')).toEqual(range(1_001, 2_000));
  });

  test('keeps other partitions and groups going while one batch fails, with growing delays', async () => {
    make({ partitions: 6 });
    const good = new Notes();
    const other = new Notes();
    let isBroken = true;
    await read(bus, topic, 'other', other);
    await read(bus, topic, 'half', good, {
      handler: async (batch) => {
        if (isBroken && batch[0]?.partition === 0) throw new Error('no');
        good.take(batch);
      },
    });
    const subjects = range(1, 30).map((n) => `s${n}`);
    const published = Promise.all(subjects.map((s) => bus.publish(topic, messagesOf(s, 1, 2))));
    await until('it has failed often', () => events.length >= 4);
    await until('the rest has arrived', () => good.size > 0 && other.size === 60);
    expect(good.size).toBeLessThan(60);
    const delays = events.map((event) => (event.type === 'batch-failed' ? event.retryInMs : 0));
    expect(delays.slice(0, 4)).toEqual([1, 2, 4, 4]);
    expect(events[0]).toMatchObject({ topic, group: 'half', partition: 0, failures: 1 });
    isBroken = false;
    await published;
    expect(good.size).toBe(60);
  });

  test('rejects on stop what no group has taken over, retryable, and leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    make({ redeliveryDelayMs: { initial: 60_000, max: 60_000 } });
    await read(bus, topic, 'broken', new Notes(), {
      handler: async () => {
        throw new Error('never');
      },
    });
    const gone = await read(bus, 'parley.left', 'gone', new Notes());
    await gone.stop();
    const refused = { code: 'BUS_STOPPED', retryable: true };
    const published = Promise.all([
      expect(bus.publish(topic, [messageOf('s', 1)])).rejects.toMatchObject(refused),
      expect(bus.publish('parley.left', [messageOf('s', 1)])).rejects.toMatchObject(refused),
    ]);
    await until('it waits for the next try', () => events.length === 1);
    await bus.stop();
    await published;
    expect(timers()).toBe(before);
  });

  test('does not wake a group again when its members stop after the bus', async () => {
    make();
    const entered = gate();
    const may = gate();
    let batches = 0;
    const handler = async () => {
      batches++;
      entered.open();
      await may.passed;
    };
    const members = [await read(bus, topic, 'g', new Notes(), { handler, maxBatch: 1 })];
    members.push(await read(bus, topic, 'g', new Notes(), { handler, maxBatch: 1 }));
    const published = bus.publish(topic, messagesOf('s', 1, 2));
    await entered.passed;
    const stopped = bus.stop();
    may.open();
    await expect(published).rejects.toMatchObject({ code: 'BUS_STOPPED' });
    await stopped;
    await members[0]?.stop();
    await new Promise(setImmediate);
    expect(batches).toBe(1);
  });

  test('rejects on stop a publish whose batch in hand then fails', async () => {
    make();
    const entered = gate();
    const fate = gate();
    const handler = () => {
      entered.open();
      return fate.passed;
    };
    await read(bus, topic, 'g', new Notes(), { handler });
    const published = bus.publish(topic, [messageOf('s', 1)]);
    await entered.passed;
    const stopped = bus.stop();
    fate.slam(new Error('the pool has closed'));
    await stopped;
    await expect(published).rejects.toMatchObject({ code: 'BUS_STOPPED', retryable: true });
  });

  test('lets a handler finish that waits for a publish which the stop refuses', async () => {
    make();
    const entered = gate();
    let refusal: unknown;
    await read(bus, 'parley.next', 'next', new Notes(), { handler: () => new Promise(() => {}) }).then((s) => s.stop());
    await read(bus, topic, 'first', new Notes(), {
      handler: async () => {
        const sent = bus.publish('parley.next', [messageOf('s', 1)]);
        entered.open();
        await sent.catch((thrown) => {
          refusal = thrown;
        });
      },
    });
    const published = bus.publish(topic, [messageOf('s', 1)]);
    await entered.passed;
    await bus.stop();
    await published;
    expect(refusal).toMatchObject({ code: 'BUS_STOPPED' });
  });

  test('drops broadcasts that nobody hears or a listener is too slow for, and counts them', async () => {
    make();
    bus.broadcast(topic, messageOf('s', 0));
    expect(events).toEqual([{ type: 'broadcast-dropped', topic, reason: 'no-listener' }]);
    let heard = 0;
    bus.onBroadcast(topic, () => heard++);
    for (const message of messagesOf('s', 1, 1_500)) bus.broadcast(topic, message);
    expect(heard).toBe(0);
    expect(
      events.filter((event) => event.type === 'broadcast-dropped' && event.reason === 'slow-listener'),
    ).toHaveLength(500);
    await until('the others are heard', () => heard === 1_000);
    await bus.stop();
    bus.broadcast(topic, messageOf('s', 1));
    expect(events.at(-1)).toMatchObject({ reason: 'stopped' });
  });

  test('names the field of data that is not JSON', async () => {
    make();
    const round: { self?: unknown } = {};
    round.self = round;
    for (const data of [round, { n: 1n }, undefined]) {
      await expect(bus.publish(topic, [{ ...messageOf('s', 1), data }])).rejects.toMatchObject({
        code: 'MESSAGE_INVALID',
        message: expect.stringContaining('"data"'),
      });
    }
  });

  test('passes 20,000 messages of 200 subjects to two groups in well under five seconds', async () => {
    make({ partitions: 6 });
    const counts = [0, 0];
    for (const i of [0, 1]) {
      const handler = async (batch: readonly unknown[]) => {
        counts[i] = (counts[i] ?? 0) + batch.length;
      };
      await bus.subscribe({ topics: [topic], group: `g${i}`, handler });
    }
    const start = performance.now();
    const callers = range(1, 200).map(async (s) => {
      for (let n = 1; n <= 100; n++) await bus.publish(topic, [messageOf(`s${s}`, n)]);
    });
    await Promise.all(callers);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(counts).toEqual([20_000, 20_000]);
  });
});
