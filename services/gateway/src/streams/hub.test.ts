import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createHub, type Subscriber } from './hub.ts';

const watcher = (over: Partial<Subscriber> = {}): Subscriber => ({
  onEvent() {},
  onNews() {},
  onPoll() {},
  onDelta() {},
  ...over,
});

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('All who watch a debate poll in the same moment, until the last one leaves.', () => {
  const hub = createHub();
  const polled: string[] = [];
  const leave = ['a', 'b'].map((name) => hub.subscribe('tea', watcher({ onPoll: () => void polled.push(name) }), 100));
  jest.advanceTimersByTime(250);
  expect(polled).toEqual(['a', 'b', 'a', 'b']);
  leave[0]?.();
  leave[0]?.();
  jest.advanceTimersByTime(100);
  expect([polled.slice(4), hub.count()]).toEqual([['b'], 1]);
  leave[1]?.();
  expect([hub.count(), jest.getTimerCount()]).toEqual([0, 0]);
});

test('Who asks for the same in one turn of the event loop reads together, who asks later reads anew.', async () => {
  const hub = createHub();
  const log = [{ seq: 1, type: 'noted.v1', at: '', data: {} }];
  let readings = 0;
  const first = Promise.withResolvers<void>();
  const read = async () => {
    readings++;
    const found = [...log];
    if (readings === 1) await first.promise;
    return found;
  };
  const together = [hub.readTogether('tea', 0, read), hub.readTogether('tea', 0, read)];
  const elsewhere = hub.readTogether('tea', 1, async () => []);
  await Promise.resolve();
  log.push({ seq: 2, type: 'noted.v1', at: '', data: {} });
  // The first reading has begun, and cannot have seen the second event.
  const later = hub.readTogether('tea', 0, read);
  expect((await later).length).toBe(2);
  first.resolve();
  expect([(await Promise.all(together)).map(({ length }) => length), await elsewhere, readings]).toEqual([
    [1, 1],
    [],
    2,
  ]);
});

test('A reading that fails fails for all who share it, and for nobody after them.', async () => {
  const hub = createHub();
  const gone = async () => {
    throw new Error('gone');
  };
  const both = await Promise.allSettled([hub.readTogether('tea', 0, gone), hub.readTogether('tea', 0, gone)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await hub.readTogether('tea', 0, async () => [])).toEqual([]);
});
