import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Response } from 'express';
import type { StreamEvent } from './event-store.ts';
import { sendEvents } from './event-stream.ts';
import { createHub } from './hub.ts';

/** The part of a response that a stream uses; it takes what is written while `canTake`. */
class FakeResponse extends EventEmitter {
  readonly req = { method: 'GET' };
  readonly written: string[] = [];
  destroyed = false;
  isEnded = false;
  canTake = true;
  status(): this {
    return this;
  }
  set(): this {
    return this;
  }
  flushHeaders(): void {}
  write(text: string | Buffer): boolean {
    this.written.push(String(text));
    return this.canTake;
  }
  end(): void {
    this.isEnded = true;
  }
}

const event = (seq: number, type = 'turn-recorded.v1'): StreamEvent => ({ seq, type, at: '', data: {} });
const delta = { round: 1, side: 'pro', offset: 0, text: 'Tea' } as const;
const debate = 'a debate';

let readPause: Promise<void> | undefined;

function open(log: readonly StreamEvent[] = []) {
  const hub = createHub();
  const response = new FakeResponse();
  const reads: number[] = [];
  const eventsAfter = async (_debate: string, seq: number, limit: number) => {
    reads.push(seq);
    await readPause;
    return log.filter((one) => one.seq > seq).slice(0, limit);
  };
  sendEvents(
    { hub, eventsAfter, last: ['debate-closed.v1'], pollMs: 1_000 },
    response as unknown as Response,
    debate,
    0,
  );
  const ids = () => response.written.flatMap((text) => /^id: (\d+)/.exec(text)?.[1] ?? []).map(Number);
  const deltas = () => response.written.filter((text) => text.startsWith('event: delta')).length;
  return { hub, response, reads, ids, deltas };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('A silent stream beats its heart every 15 seconds until it is closed.', async () => {
  const { response, hub } = open();
  await jest.advanceTimersByTimeAsync(14_999);
  expect(response.written).toEqual([]);
  await jest.advanceTimersByTimeAsync(30_001);
  expect(response.written).toEqual([': heartbeat\n\n', ': heartbeat\n\n', ': heartbeat\n\n']);
  response.emit('close');
  expect([hub.count(), jest.getTimerCount()]).toEqual([0, 0]);
});

test('While the client takes nothing, deltas are dropped and events wait in the database.', async () => {
  const log = [event(1)];
  const { response, hub, ids, deltas, reads } = open(log);
  await jest.advanceTimersByTimeAsync(0);
  response.canTake = false;
  hub.delta(debate, delta);
  expect([ids(), deltas()]).toEqual([[1], 1]);
  const readsBefore = reads.length;
  hub.delta(debate, delta);
  for (const one of [event(2), event(3)]) {
    log.push(one);
    hub.publish(debate, one);
  }
  await jest.advanceTimersByTimeAsync(5_000);
  expect([ids(), deltas(), reads.length]).toEqual([[1], 1, readsBefore]);
  response.canTake = true;
  response.emit('drain');
  await jest.advanceTimersByTimeAsync(0);
  expect([ids(), deltas()]).toEqual([[1, 2, 3], 1]);
  response.emit('close');
});

test('An event that arrives after a missed one brings the missed one first.', async () => {
  const log: StreamEvent[] = [];
  const { hub, ids, response } = open(log);
  await jest.advanceTimersByTimeAsync(0);
  log.push(event(1), event(2), event(3, 'debate-closed.v1'));
  hub.publish(debate, event(2));
  hub.publish(debate, event(1));
  await jest.advanceTimersByTimeAsync(0);
  expect([ids(), response.isEnded, hub.count(), jest.getTimerCount()]).toEqual([[1, 2, 3], true, 0, 0]);
});

test('A log of many pages comes whole.', async () => {
  const log = Array.from({ length: 450 }, (_, i) => event(i + 1, i === 449 ? 'debate-closed.v1' : undefined));
  const { ids, response } = open(log);
  await jest.advanceTimersByTimeAsync(0);
  expect([ids().length, ids().at(-1), response.isEnded]).toEqual([450, 450, true]);
});

test('A poll in hand costs no delta; what came after a missed event waits for it.', async () => {
  const log = [event(1)];
  const { hub, ids, deltas, reads, response } = open(log);
  hub.delta(debate, delta);
  await jest.advanceTimersByTimeAsync(0);
  expect([ids(), deltas()]).toEqual([[1], 0]);
  const { promise, resolve } = Promise.withResolvers<void>();
  readPause = promise;
  const readsBefore = reads.length;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(reads.length).toBe(readsBefore + 1);
  hub.delta(debate, delta);
  expect(deltas()).toBe(1);
  log.push(event(2));
  hub.publish(debate, event(2));
  hub.delta(debate, delta);
  expect([ids(), deltas()]).toEqual([[1], 1]);
  readPause = undefined;
  resolve();
  await jest.advanceTimersByTimeAsync(0);
  hub.delta(debate, delta);
  expect([ids(), deltas()]).toEqual([[1, 2], 2]);
  response.emit('close');
});
