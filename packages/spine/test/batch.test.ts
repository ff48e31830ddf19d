import { expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import { answerOf, decideBatch } from '../src/tick/batch.ts';
import type { BatchContext, Incoming, StreamRow } from '../src/tick/rows.ts';
import { kinds } from './deciders.ts';
import { add, ask, tell } from './world.ts';

const context: BatchContext = {
  service: 'test',
  jumpedMs: 0,
  at: 1_700_000_000_000,
  kinds: new Map(kinds.map((kind) => [kind.decider.kind, kind])),
  parkedTopic: 'parked',
};
const fresh = (arrival: ReturnType<typeof add>): Incoming => ({ ...arrival, from: 'new' });
const decide = (inputs: readonly Incoming[], rows: readonly StreamRow[] = [], over: Partial<BatchContext> = {}) =>
  decideBatch(
    new Map(rows.map((row) => [row.id, row])),
    Map.groupBy(inputs, (input) => input.stream),
    { ...context, ...over },
  );
const row = (over: Partial<StreamRow> = {}): StreamRow => ({
  id: 'a',
  kind: 'counter',
  version: 2,
  state: { inputs: 2, total: 9, isEnded: false },
  status: 'active',
  tenant: 'default',
  openedBy: null,
  ...over,
});

test('a new stream is created with its events numbered from 1', () => {
  const batch = decide([fresh(add('a', 4)), fresh(add('a', 5))]);
  expect(batch.created).toEqual([
    {
      id: 'a',
      tenant: 'default',
      kind: 'counter',
      version: 2,
      state: { inputs: 2, total: 9, isEnded: false },
      status: 'active',
      opened_by: 'input-1',
    },
  ]);
  expect(batch.inbox.map(({ incoming, state }) => [incoming.from, state])).toEqual([
    ['opening', 'handled'],
    ['new', 'handled'],
  ]);
  expect(batch.events.map(({ seq, data }) => [seq, data])).toEqual([
    [1, { by: 4, text: '' }],
    [2, { by: 5, text: '' }],
  ]);
});

test('a known stream goes on from its state and number', () => {
  const batch = decide([fresh(add('a', 1))], [row()]);
  expect(batch.changed).toMatchObject([{ version: 3, state: { total: 10 } }]);
  expect(batch.created).toEqual([]);
});

test('deciding the same again makes the same messages with the same ids', () => {
  const inputs = [fresh({ ...add('a', 1), traceparent: '00-1-2-01' })];
  const [first, second] = [decide(inputs, [row()]), decide(inputs, [row()])];
  expect(second).toEqual(first);
  const message: Message = {
    id: 'counter/a/3',
    type: 'added',
    source: 'test',
    subject: 'a',
    sequence: 3,
    time: '2023-11-14T22:13:20.000Z',
    data: { by: 1, text: '' },
    traceparent: '00-1-2-01',
  };
  expect([...first.outbox]).toEqual([['counter.events', [message]]]);
});

test('a refusal is counted and leaves no trace in the stream', () => {
  const batch = decide([fresh(add('a', -1)), fresh(add('b', -1))], [row()]);
  expect([...batch.refused]).toEqual([['NEGATIVE', 2]]);
  expect([batch.created, batch.changed, batch.events]).toEqual([[], [], []]);
  expect(batch.inbox.map(({ state }) => state)).toEqual(['handled', 'handled']);
});

test('a throw sets aside its stream with all inputs of the batch and touches no other', () => {
  const batch = decide([fresh(add('a', 1)), fresh(tell('a', 'explode')), fresh(add('b', 1))], [row()]);
  expect(batch.changed).toMatchObject([
    { id: 'a', status: 'parked', version: 2, state: { total: 9 }, parked_input: 'explode' },
  ]);
  expect(batch.inbox.map(({ incoming, state }) => [incoming.stream, state])).toEqual([
    ['a', 'parked'],
    ['a', 'parked'],
    ['b', 'handled'],
  ]);
  expect(batch.events.map(({ stream_id }) => stream_id)).toEqual(['b']);
  expect(batch.outbox.get('parked')).toMatchObject([{ type: 'stream-parked.v1', subject: 'a' }]);
});

test('what arrives for a parked stream waits with it, and is not reported again', () => {
  const batch = decide([fresh(add('a', 1))], [row({ status: 'parked' })]);
  expect(batch.inbox.map(({ state }) => state)).toEqual(['parked']);
  expect([batch.changed, batch.parked]).toEqual([[], []]);
});

test('what the database refuses is parked without asking the process', () => {
  const batch = decide([fresh(add('a', 1))], [row()], { refusal: 'no such type' });
  expect(batch.parked).toMatchObject([{ stream: 'a', reason: 'no such type' }]);
  expect(batch.events).toEqual([]);
});

test('the event that finishes a stream drops the effects asked for beside it', () => {
  const batch = decide([fresh(ask('q', { type: 'ask', keys: ['one'] })), fresh(ask('q', { type: 'end' }))]);
  expect(batch.finished).toEqual(['q']);
  expect(batch.effects).toEqual([]);
  expect(batch.created).toMatchObject([{ status: 'finished' }]);
});

test('an answer has an id of its own, the same each time', () => {
  const outcome = { type: 'effect.succeeded', effect: 'work', key: 'one', result: null } as const;
  expect(answerOf({ stream: 'q', kind: 'asker', key: 'one' }, outcome)).toMatchObject({
    id: 'answer/q/one',
    from: 'answer',
    input: outcome,
  });
});

test('a stream belongs to the tenant of its first input; what others send to it is refused, and their facts say whose', () => {
  const ours = decide([fresh({ ...add('a', 1), tenant: 'acme' })]);
  expect(ours.created).toMatchObject([{ id: 'a', tenant: 'acme' }]);
  expect([...ours.outbox.values()].flat()).toMatchObject([{ subject: 'a', tenant: 'acme' }]);

  const theirs = decide([fresh({ ...add('a', 1), tenant: 'umbrella' }), fresh(add('a', 1))], [row({ tenant: 'acme' })]);
  expect([...theirs.refused]).toEqual([['WRONG_TENANT', 2]]);
  expect(theirs.events).toEqual([]);
  expect(theirs.inbox).toHaveLength(2);

  const answer = answerOf(
    { stream: 'a', kind: 'counter', key: 'k' },
    { type: 'effect.succeeded', effect: 'e', key: 'k', result: null },
  );
  expect(decide([answer], [row({ tenant: 'acme' })]).refused.has('WRONG_TENANT')).toBe(false);
});
