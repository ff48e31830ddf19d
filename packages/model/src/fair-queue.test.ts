import { expect, test } from '@jest/globals';
import { createFairQueue } from './fair-queue.ts';

const never = new AbortController().signal;

test('two keys take turns, however many calls one of them has waiting', async () => {
  const queue = createFairQueue(1, 100);
  expect(queue.take()).toBe(true);
  const order: string[] = [];
  const done = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'].map(async (name) => {
    await queue.wait(name[0] ?? '', never);
    order.push(name);
    queue.release();
  });
  expect(queue.waiting).toBe(6);
  queue.release();
  await Promise.all(done);
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
  expect([queue.running, queue.waiting]).toEqual([0, 0]);
});

test('what is in the background waits until nobody else does', async () => {
  const queue = createFairQueue(1, 100);
  expect(queue.take()).toBe(true);
  const order: string[] = [];
  const enter = async (name: string, isBackground: boolean) => {
    await queue.wait(name, never, isBackground);
    order.push(name);
    if (name === 'first') later.push(enter('late', false));
    queue.release();
  };
  const later: Promise<void>[] = [];
  const all = [enter('check', true), enter('other check', true), enter('first', false), enter('second', false)];
  queue.release();
  await Promise.all(all);
  await Promise.all(later);
  expect(order).toEqual(['first', 'second', 'late', 'check', 'other check']);
  expect([queue.running, queue.waiting]).toEqual([0, 0]);
});

test('no more than the limit run at once', async () => {
  const queue = createFairQueue(3, 100);
  let most = 0;
  const calls = Array.from({ length: 20 }, async (_, n) => {
    if (!queue.take()) await queue.wait(`key-${n % 4}`, never);
    most = Math.max(most, queue.running);
    await Promise.resolve();
    queue.release();
  });
  await Promise.all(calls);
  expect(most).toBe(3);
  expect(queue.running).toBe(0);
});

test('who gives up leaves the line, and nobody else loses a place', async () => {
  const queue = createFairQueue(1, 100);
  queue.take();
  const controller = new AbortController();
  const gone = queue.wait('a', controller.signal);
  const next = queue.wait('a', never);
  controller.abort();
  await expect(gone).rejects.toMatchObject({ code: 'CANCELLED' });
  queue.release();
  await next;
  expect([queue.running, queue.waiting]).toEqual([1, 0]);
  await expect(queue.wait('a', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a line that is too long is refused at once', async () => {
  const queue = createFairQueue(0, 1);
  const controller = new AbortController();
  const waiting = queue.wait('a', controller.signal);
  await expect(queue.wait('b', never)).rejects.toMatchObject({ code: 'MODEL_OVERLOADED', retryable: true });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
});
