import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gate, until } from '@parley/testkit';
import type { Delivery, MessageBus } from '../src/index.ts';
import { messageOf, messagesOf, Notes, range, read } from './reader.ts';

export interface BusUnderTest {
  readonly bus: MessageBus;
  /** An existing, empty topic of nobody else's. */
  readonly topic: string;
  /** The same for fire-and-forget. */
  readonly deltas: string;
  /** After `bus.stop()`: gives back what the adapter needed. */
  close?(): Promise<void>;
}

/** What every adapter of the port must do. `open` is called once per test. */
export function busContract(name: string, open: () => Promise<BusUnderTest>): void {
  describe(`the bus contract, ${name}`, () => {
    let opened: BusUnderTest;
    let bus: MessageBus;
    let topic: string;
    beforeEach(async () => {
      opened = await open();
      ({ bus, topic } = opened);
    });
    afterEach(async () => {
      await bus.stop();
      await opened.close?.();
    });

    test('keeps each subject in order when several callers publish at once', async () => {
      const notes = new Notes();
      await read(bus, topic, 'readers', notes);
      const subjects = range(1, 8).map((n) => `s${n}`);
      await Promise.all(
        subjects.map(async (subject) => {
          for (let from = 1; from < 50; from += 7) await bus.publish(topic, messagesOf(subject, from, from + 6));
        }),
      );
      await until('all have arrived', () => notes.size === 8 * 49);
      for (const subject of subjects) expect(notes.numbers(subject)).toEqual(range(1, 49));
    });

    test('keeps the order of successive calls that nobody awaited in between', async () => {
      const notes = new Notes();
      await read(bus, topic, 'readers', notes);
      await Promise.all(range(1, 30).map((n) => bus.publish(topic, [messageOf('s', n)])));
      await until('all have arrived', () => notes.size === 30);
      expect(notes.numbers('s')).toEqual(range(1, 30));
    });

    test('offers a batch again, in order, until the handler takes it', async () => {
      const notes = new Notes();
      const first: Delivery[] = [];
      let throws = 0;
      await read(bus, topic, 'readers', notes, {
        handler: async (batch) => {
          if (throws < 3) {
            throws++;
            first.push(...batch.slice(0, 1));
            throw new Error('database down');
          }
          notes.take(batch);
        },
      });
      await bus.publish(topic, messagesOf('s', 1, 20));
      await until('all have arrived', () => notes.size === 20);
      expect(notes.numbers('s')).toEqual(range(1, 20));
      expect(first.map(({ offset }) => offset)).toEqual(Array(3).fill(notes.deliveries[0]?.offset));
    });

    test('offers what a member failed to take over to the next member', async () => {
      const entered = gate();
      const fate = gate();
      const dying = await read(bus, topic, 'readers', new Notes(), {
        handler: () => {
          entered.open();
          return fate.passed;
        },
      });
      const published = bus.publish(topic, messagesOf('s', 1, 5));
      await entered.passed;
      const stopped = dying.stop();
      fate.slam(new Error('killed in the middle'));
      await stopped;
      const notes = new Notes();
      await read(bus, topic, 'readers', notes);
      await published;
      await until('all have arrived', () => notes.size === 5);
      expect(notes.numbers('s')).toEqual(range(1, 5));
    });

    test('lets a member that leaves finish its batch, and does not offer that batch again', async () => {
      const entered = gate();
      const may = gate();
      const before = new Notes();
      const leaving = await read(bus, topic, 'readers', before, {
        handler: async (batch) => {
          entered.open();
          await may.passed;
          before.take(batch);
        },
      });
      const published = bus.publish(topic, [messageOf('s', 1)]);
      await entered.passed;
      const stopped = leaving.stop();
      may.open();
      await stopped;
      expect(before.numbers('s')).toEqual([1]);
      await published;
      const after = new Notes();
      await read(bus, topic, 'readers', after);
      await bus.publish(topic, [messageOf('s', 2)]);
      await until('the second has arrived', () => after.size > 0);
      expect(after.numbers('s')).toEqual([2]);
    });

    test('gives every group every message', async () => {
      const groups = { left: new Notes(), right: new Notes() };
      for (const [group, notes] of Object.entries(groups)) await read(bus, topic, group, notes);
      for (const s of ['a', 'b', 'c']) await bus.publish(topic, messagesOf(s, 1, 10));
      for (const notes of Object.values(groups)) {
        await until('all have arrived', () => notes.size === 30);
        for (const s of ['a', 'b', 'c']) expect(notes.numbers(s)).toEqual(range(1, 10));
      }
    });

    test('shares the partitions of a group among its members, each partition with one of them at a time', async () => {
      const notes = new Notes();
      const inHand = new Set<number>();
      let overlaps = 0;
      const handler = async (batch: readonly Delivery[]) => {
        const partition = batch[0]?.partition ?? -1;
        if (inHand.has(partition)) overlaps++;
        inHand.add(partition);
        await new Promise(setImmediate);
        notes.take(batch);
        inHand.delete(partition);
      };
      for (let i = 0; i < 3; i++) await read(bus, topic, 'readers', notes, { handler, maxBatch: 4 });
      await Promise.all(range(1, 12).map((n) => bus.publish(topic, messagesOf(`s${n}`, 1, 10))));
      await until('all have arrived', () => notes.size === 120);
      for (const n of range(1, 12)) expect(notes.numbers(`s${n}`)).toEqual(range(1, 10));
      expect(overlaps).toBe(0);
    });

    test('starts a new group at the beginning', async () => {
      await bus.publish(topic, messagesOf('s', 1, 10));
      const notes = new Notes();
      await read(bus, topic, 'late', notes);
      await until('all have arrived', () => notes.size === 10);
      expect(notes.numbers('s')).toEqual(range(1, 10));
    });

    test('goes on after the last acknowledged message when a group comes back', async () => {
      const before = new Notes();
      const first = await read(bus, topic, 'readers', before);
      await bus.publish(topic, messagesOf('s', 1, 5));
      await until('five have arrived', () => before.size === 5);
      await first.stop();
      const published = bus.publish(topic, messagesOf('s', 6, 9));
      const after = new Notes();
      await read(bus, topic, 'readers', after);
      await published;
      await until('the others have arrived', () => after.size === 4);
      expect(before.numbers('s')).toEqual(range(1, 5));
      expect(after.numbers('s')).toEqual(range(6, 9));
    });

    test('hands over no more than maxBatch consecutive messages of one partition', async () => {
      const batches: (readonly Delivery[])[] = [];
      await bus.publish(
        topic,
        ['a', 'b', 'c', 'd'].flatMap((s) => messagesOf(s, 1, 5)),
      );
      await read(bus, topic, 'readers', new Notes(), { maxBatch: 3, handler: async (b) => void batches.push(b) });
      await until('all have arrived', () => batches.flat().length === 20);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(3);
        const offsets = batch.map(({ offset }) => Number(offset));
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
        expect(new Set(batch.map(({ partition }) => partition)).size).toBe(1);
        expect(new Set(batch.map((delivery) => delivery.topic))).toEqual(new Set([topic]));
      }
    });

    test('refuses a message without subject or of more than 1 MiB, and then publishes none of the array', async () => {
      const notes = new Notes();
      await read(bus, topic, 'readers', notes);
      const nobody = { ...messageOf('s', 2), subject: '' };
      await expect(bus.publish(topic, [messageOf('s', 1), nobody])).rejects.toMatchObject({
        code: 'MESSAGE_INVALID',
        message: expect.stringContaining('"subject"'),
      });
      const huge = { ...messageOf('s', 2), data: { text: 'x'.repeat(1_048_576) } };
      await expect(bus.publish(topic, [messageOf('s', 1), huge])).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
      await bus.publish(topic, [{ ...messageOf('s', 3), data: { number: 3, text: 'x'.repeat(1_000_000) } }]);
      await until('the good one has arrived', () => notes.size > 0);
      expect(notes.numbers('s')).toEqual([3]);
    });

    test('tells a listener what is broadcast while it listens, in order, and no more after that', async () => {
      const heard: number[] = [];
      const unsubscribe = bus.onBroadcast(opened.deltas, ({ data }) => heard.push((data as { number: number }).number));
      let sent = 0;
      await until('the listener hears', () => {
        bus.broadcast(opened.deltas, messageOf('s', ++sent));
        return heard.length > 5;
      });
      expect(heard).toEqual(heard.toSorted((a, b) => a - b));
      unsubscribe();
      const count = heard.length;
      const others: unknown[] = [];
      bus.onBroadcast(opened.deltas, (message) => others.push(message));
      await until('somebody else hears', () => {
        bus.broadcast(opened.deltas, messageOf('s', ++sent));
        return others.length > 0;
      });
      expect(heard).toHaveLength(count);
    });

    test('broadcasts without waiting for anybody, and without harm from a listener that throws', async () => {
      bus.broadcast(opened.deltas, messageOf('s', 0));
      const heard: unknown[] = [];
      bus.onBroadcast(opened.deltas, () => {
        throw new Error('a broken listener');
      });
      bus.onBroadcast(opened.deltas, (message) => heard.push(message));
      await until('the other one hears', () => {
        for (const message of messagesOf('s', 1, 20)) bus.broadcast(opened.deltas, message);
        return heard.length > 20;
      });
    });

    test('stops after the handler in hand has finished, and refuses what comes later', async () => {
      const entered = gate();
      const may = gate();
      let isFinished = false;
      await read(bus, topic, 'readers', new Notes(), {
        handler: async () => {
          entered.open();
          await may.passed;
          isFinished = true;
        },
      });
      const published = bus.publish(topic, [messageOf('s', 1)]);
      await entered.passed;
      const stopped = bus.stop();
      await expect(bus.publish(topic, [messageOf('s', 2)])).rejects.toMatchObject({
        code: 'BUS_STOPPED',
        retryable: true,
      });
      await expect(read(bus, topic, 'late', new Notes())).rejects.toMatchObject({ code: 'BUS_STOPPED' });
      expect(isFinished).toBe(false);
      may.open();
      await stopped;
      expect(isFinished).toBe(true);
      await published;
      await bus.stop();
    });
  });
}
