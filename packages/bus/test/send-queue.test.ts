import { expect, test } from '@jest/globals';
import { type Call, SendQueue, type Waiting } from '../src/kafka/send-queue.ts';

const call: Call = { topic: 't', since: 0, open: 0, resolve: () => {}, reject: () => {} };
const item = (value: string, bytes = 100): Waiting => ({ record: { value, bytes }, call });
const valuesOf = (chunk: ReturnType<SendQueue['take']>) =>
  Object.fromEntries([...chunk].map(([name, { taken }]) => [name, taken.map(({ record }) => record.value)]));

test('takes from all lanes at once, each in order, and again until it is done', () => {
  const queue = new SendQueue();
  queue.add('a', 't', [item('a1'), item('a2')]);
  queue.add('b', 't', [item('b1')]);
  const all = { a: ['a1', 'a2'], b: ['b1'] };
  expect(valuesOf(queue.take(0))).toEqual(all);
  const chunk = queue.take(0);
  expect(valuesOf(chunk)).toEqual(all);
  queue.add('a', 't', [item('a3')]);
  queue.done(chunk);
  const last = queue.take(0);
  expect(valuesOf(last)).toEqual({ a: ['a3'] });
  queue.done(last);
  expect(queue.isEmpty).toBe(true);
  expect(queue.take(0).size).toBe(0);
});

test('keeps a request below the largest batch, and lets one large record go alone', () => {
  const queue = new SendQueue();
  queue.add('a', 't', [item('a1', 600_000), item('a2', 600_000), item('a3', 1_100_000), item('a4')]);
  const sent: unknown[] = [];
  while (!queue.isEmpty) {
    const chunk = queue.take(0);
    sent.push(valuesOf(chunk).a);
    queue.done(chunk);
  }
  expect(sent).toEqual([['a1'], ['a2'], ['a3'], ['a4']]);
});

test('a busy lane does not keep the others waiting', () => {
  const queue = new SendQueue();
  queue.add(
    'busy',
    't',
    Array.from({ length: 5_000 }, (_, n) => item(String(n))),
  );
  queue.add('quiet', 't', [item('q')]);
  queue.done(queue.take(0));
  expect(Object.keys(valuesOf(queue.take(0)))).toEqual(['quiet', 'busy']);
});

test('after a failure every lane goes alone, after a pause that grows', () => {
  const queue = new SendQueue();
  queue.add('a', 't', [item('a1')]);
  queue.add('b', 't', [item('b1')]);
  expect(queue.failed(queue.take(0), 1_000)).toEqual({ failures: 1, retryInMs: 100 });
  expect(queue.take(1_099).size).toBe(0);
  expect(queue.dueAt).toBe(1_100);
  const healthy = queue.take(1_100);
  expect(valuesOf(healthy)).toEqual({ a: ['a1'] });
  queue.done(healthy);
  const pauses: number[] = [];
  for (let i = 0; i < 6; i++) pauses.push(queue.failed(queue.take(10_000 * (i + 1)), 10_000 * (i + 1)).retryInMs);
  expect(pauses).toEqual([200, 400, 800, 1_000, 1_000, 1_000]);
  queue.add('b', 't', [item('b2')]);
  queue.add('c', 't', [item('c1')]);
  expect(valuesOf(queue.take(60_500))).toEqual({ c: ['c1'] });
  expect(valuesOf(queue.take(61_000))).toEqual({ b: ['b1', 'b2'] });
});
