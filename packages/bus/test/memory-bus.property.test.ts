import { expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import fc from 'fast-check';
import { createMemoryBus, type Delivery, type Subscription } from '../src/index.ts';
import { messageOf, Notes, range } from './reader.ts';

type Step =
  | { readonly do: 'publish'; readonly subject: number; readonly count: number; readonly isAwaited: boolean }
  | { readonly do: 'join'; readonly group: number; readonly maxBatch: number }
  | { readonly do: 'leave'; readonly group: number; readonly isAwaited: boolean }
  | { readonly do: 'breathe' };

const group = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      subject: fc.nat({ max: 5 }),
      count: fc.integer({ min: 1, max: 8 }),
      isAwaited: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('join' as const), group, maxBatch: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), group, isAwaited: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('breathe' as const) }) },
);
/** What a handler does with its n-th batch: 'lost' throws after it had taken the batch over. */
const fate = fc.constantFrom('taken', 'slow', 'thrown', 'lost');

test('every group sees every message, each subject in order, under any failures and any coming and going', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 3, 6),
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.array(fate, { maxLength: 40 }),
      async (partitions, steps, fates) => {
        const bus = createMemoryBus({ partitions, redeliveryDelayMs: { initial: 0, max: 1 }, retainMessages: 1_000 });
        const notes = [new Notes(), new Notes(), new Notes()];
        const members: Subscription[][] = [[], [], []];
        const inHand = new Set<string>();
        const pending: Promise<void>[] = [];
        const published = new Map<string, number>();
        let batches = 0;
        let overlaps = 0;
        const join = async (g: number, maxBatch: number) => {
          const handler = async (batch: readonly Delivery[]) => {
            const place = `${g}/${batch[0]?.partition}`;
            if (inHand.has(place)) overlaps++;
            inHand.add(place);
            const what = fates[batches++] ?? 'taken';
            if (what === 'slow') await new Promise(setImmediate);
            else await Promise.resolve();
            if (what !== 'thrown') notes[g]?.take(batch);
            inHand.delete(place);
            if (what === 'thrown' || what === 'lost') throw new Error(what);
          };
          members[g]?.push(await bus.subscribe({ topics: ['t'], group: `g${g}`, maxBatch, handler }));
        };
        for (const s of steps) {
          if (s.do === 'publish') {
            const subject = `s${s.subject}`;
            const from = (published.get(subject) ?? 0) + 1;
            published.set(subject, from + s.count - 1);
            const sent = bus.publish(
              't',
              range(from, from + s.count - 1).map((n) => messageOf(subject, n)),
            );
            pending.push(sent);
            // A group whose last member has left is waited for: awaiting here would wait for a later step.
            if (s.isAwaited && members.every((of) => of.length > 0)) await sent;
          } else if (s.do === 'join') {
            await join(s.group, s.maxBatch);
          } else if (s.do === 'leave') {
            const left = members[s.group]?.shift()?.stop();
            if (left && s.isAwaited) await left;
            else if (left) pending.push(left);
          } else {
            await new Promise(setImmediate);
          }
        }
        for (const g of [0, 1, 2]) await join(g, 3);
        await Promise.all(pending);
        const total = [...published.values()].reduce((sum, n) => sum + n, 0);
        // A publish before the first group of all resolved at once; such messages may still be on their way.
        await until('every group has everything', () => notes.every(({ size }) => size === total));
        await bus.stop();
        expect(overlaps).toBe(0);
        for (const seen of notes) {
          for (const [subject, count] of published) expect(seen.numbers(subject)).toEqual(range(1, count));
        }
      },
    ),
    { numRuns: 300 },
  );
});
