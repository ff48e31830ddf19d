import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { timerEffect } from '../src/kind.ts';
import { expectationsOf, fromCache } from '../src/tick/from-cache.ts';
import type { Batch, Incoming } from '../src/tick/rows.ts';
import { createStreamCache } from '../src/tick/stream-cache.ts';
import type { Completion } from '../src/tick/work.ts';
import { add } from './world.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const max = { streams: 3, ids: 3 };
const at = 1_700_000_000_000;
const work = { arrivals: [], completions: [] };
const write = (id: string, over: Partial<Batch['created'][number]> = {}) => ({
  ...{ id, tenant: 'default', kind: 'counter', version: 1, state: {}, status: 'active' as const },
  ...over,
});
const batch = (over: Partial<Batch>): Batch => ({
  ...{ created: [], changed: [], events: [], inbox: [], effects: [], finished: [], parked: [] },
  ...{ outbox: new Map(), refused: new Map() },
  ...over,
});
const effect = (stream: string, key: string) => ({
  ...{ stream, key, kind: 'counter', tenant: 'default', effect: { type: 'work' }, isIdempotent: true },
  ...{ dueAt: undefined, traceparent: undefined },
});
const answer = (stream: string, key = 'one'): Completion => ({
  ...{ stream, key, kind: 'counter', started: 1 },
  outcome: { type: 'effect.succeeded', effect: 'work', key, result: null },
});
function remembering(ids: readonly string[]) {
  const memory = createStreamCache(max);
  memory.setClock(at);
  memory.keep({
    batch: batch({ created: ids.map((id) => write(id)) }),
    completions: [],
    rows: new Map(),
    stamp: '7',
  });
  return memory;
}

test('the clock goes on from what the database said, in whole milliseconds, and is asked again after a while', () => {
  const memory = createStreamCache(max);
  expect(memory.now()).toBeUndefined();
  memory.setClock(at);
  jest.advanceTimersByTime(1_234);
  expect(memory.now()).toBe(at + 1_234);
  jest.advanceTimersByTime(30_000);
  expect(memory.now()).toBeUndefined();
});

test.each([3_600_000, -3_600_000])(
  'a wall clock that jumped by %s ms is not trusted: the machine may have slept',
  (jump) => {
    const memory = createStreamCache(max);
    memory.setClock(at);
    jest.setSystemTime(Date.now() + jump);
    expect(memory.now()).toBeUndefined();
  },
);

test('the streams that were written last are remembered; those that ended are not', () => {
  const memory = remembering(['a', 'b', 'c']);
  const rows = new Map([...'ab'].flatMap((id) => memory.get(id) ?? []).map((row) => [row.id, row]));
  const changed = [write('a', { version: 2 }), write('b', { status: 'finished' })];
  memory.keep({ batch: batch({ changed, created: [write('d'), write('e')] }), completions: [], rows, stamp: '8' });
  expect([...'abcde'].map((id) => memory.get(id)?.stamp)).toEqual(['8', undefined, undefined, '8', '8']);
});

test("open effects are counted from a stream's beginning, and never too low", () => {
  const memory = createStreamCache(max);
  const asked = batch({ created: [write('a')], effects: [effect('a', 'one'), effect('a', 'two')] });
  memory.keep({ batch: asked, completions: [], rows: new Map(), stamp: '7' });
  expect(memory.get('a')?.open).toBe(2);
  const row = memory.get('a');
  if (row === undefined) throw new Error('it is not remembered');
  memory.keep({
    batch: batch({ changed: [write('a')] }),
    completions: [answer('a')],
    rows: new Map([['a', row]]),
    stamp: '8',
  });
  expect(memory.get('a')?.open).toBe(1);
  const { open: _, ...read } = row;
  memory.keep({
    batch: batch({ changed: [write('a')] }),
    completions: [],
    rows: new Map([['a', read]]),
    stamp: '9',
  });
  expect(memory.get('a')?.open).toBe(Number.POSITIVE_INFINITY);
});

test('the tables are asked where memory is no fair guess', () => {
  const memory = remembering(['a']);
  expect(fromCache(memory, { ...work, arrivals: [add('a'), add('new')] })?.rows.size).toBe(1);
  expect(fromCache(memory, { ...work, completions: [answer('a')] })?.inputs.size).toBe(1);
  expect(fromCache(memory, { ...work, completions: [answer('b')] })).toBeUndefined();
  const outcome = { type: 'effect.succeeded', effect: timerEffect, key: 'ring', result: null } as const;
  expect(fromCache(memory, { ...work, completions: [{ ...answer('a', 'ring'), outcome }] })).toBeUndefined();
  expect(fromCache(memory, { ...work, completions: [answer('a'), answer('a')] })).toBeUndefined();
  expect(fromCache(memory, { ...work, limit: 10 })).toBeUndefined();
  expect(fromCache(memory, { ...work, streams: ['a'] })).toBeUndefined();
  expect(fromCache(memory, { ...work, arrivals: [add('a')], refusal: 'no' })).toBeUndefined();
  expect(fromCache(createStreamCache(max), { ...work, arrivals: [add('a')] })).toBeUndefined();
});

test('of an id that was handled here the tables are asked, as long as it is remembered', () => {
  const memory = remembering(['a']);
  const handled = ['1', '2', '3', '4'].map((id) => add('a', 1, id));
  const inbox = handled.map((one) => ({
    incoming: { ...one, from: 'new' } satisfies Incoming,
    state: 'handled' as const,
  }));
  memory.keep({ batch: batch({ inbox }), completions: [], rows: new Map(), stamp: '8' });
  const recalled = (id: string) => fromCache(memory, { ...work, arrivals: [add('a', 1, id)] })?.inputs.size;
  expect(['1', '2', '3', '4', '5'].map(recalled)).toEqual([1, undefined, undefined, undefined, 1]);
});

test('a batch is written from memory only where every one of its streams is written to', () => {
  const memory = remembering(['a', 'b']);
  const known = fromCache(memory, { ...work, arrivals: [add('a'), add('b')] });
  if (known === undefined) throw new Error('it is not remembered');
  const both = batch({ changed: [write('a'), write('b')] });
  expect(expectationsOf(both, known, work)?.continued.map(({ stamp }) => stamp)).toEqual(['7', '7']);
  expect(expectationsOf(batch({ changed: [write('a')] }), known, work)).toBeUndefined();
  const parked = [{ kind: 'counter', stream: 'b', input: 'add', reason: '' }];
  expect(expectationsOf({ ...both, parked }, known, work)).toBeUndefined();
});

test('of a stream that ends, effects are dropped only where some may be open, and not beside an answer', () => {
  const memory = createStreamCache(max);
  memory.setClock(at);
  const effects = [effect('one', 'one'), effect('two', 'one'), effect('two', 'two')];
  memory.keep({
    ...{ completions: [], rows: new Map(), stamp: '7' },
    batch: batch({ created: [write('none'), write('one'), write('two')], effects }),
  });
  const end = (stream: string, completions: readonly Completion[]) => {
    const arrivals = completions.length > 0 ? [] : [add(stream)];
    const known = fromCache(memory, { arrivals, completions });
    if (known === undefined) throw new Error('it is not remembered');
    const ended = batch({ changed: [write(stream, { status: 'finished' })], finished: [stream] });
    return expectationsOf(ended, known, { arrivals, completions })?.finished;
  };
  expect(end('none', [])).toEqual([]);
  expect(end('one', [])).toEqual(['one']);
  expect(end('one', [answer('one')])).toEqual([]);
  expect(end('two', [answer('two')])).toBeUndefined();
});
