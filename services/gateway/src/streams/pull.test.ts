import { expect, test } from '@jest/globals';
import { gate } from '@parley/testkit';
import type { StreamEvent } from './event-store.ts';
import { createHub } from './hub.ts';
import { type Followed, pull } from './pull.ts';

const event = (seq: number, type = 'turn-recorded.v1'): StreamEvent => ({ seq, type, at: '', data: {} });
const delta = { round: 1, side: 'pro', offset: 0, text: 'Tea' } as const;
const debate = 'a debate';
/** Longer than any test. */
const never = 3_600_000;

function open(log: readonly StreamEvent[] = []) {
  const hub = createHub();
  const leaving = new AbortController();
  const eventsAfter = async (_debate: string, seq: number, limit: number) =>
    log.filter((one) => one.seq > seq).slice(0, limit);
  const events = pull({ hub, eventsAfter, last: ['debate-closed.v1'], pollMs: never }, debate, 0, leaving.signal);
  return { hub, leaving, events };
}

const seqOf = (one: Followed) => (one.kind === 'event' ? one.event.seq : 'delta');

test('Who pulls gets a log of many pages whole and in order, and its end.', async () => {
  const { events, hub } = open(
    Array.from({ length: 450 }, (_, i) => event(i + 1, i === 449 ? 'debate-closed.v1' : '')),
  );
  const seen: unknown[] = [];
  for await (const one of events) seen.push(seqOf(one));
  expect(seen).toEqual(Array.from({ length: 450 }, (_, i) => i + 1));
  expect(hub.count()).toBe(0);
});

test('Who pulls slowly loses pieces of text, and no event.', async () => {
  const log = [event(1)];
  const { events, hub } = open(log);
  const seen = [seqOf((await events.next()).value as Followed)];
  for (let i = 0; i < 1_000; i += 1) hub.delta(debate, delta);
  for (let seq = 2; seq <= 100; seq += 1) {
    log.push(event(seq, seq === 100 ? 'debate-closed.v1' : ''));
    hub.publish(debate, log.at(-1) as StreamEvent);
  }
  for await (const one of events) seen.push(seqOf(one));
  expect(seen.filter((seq) => seq !== 'delta')).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  expect(seen.length).toBeLessThan(200);
});

test('Who leaves while it waits is let go and forgotten.', async () => {
  const { events, hub, leaving } = open();
  const waiting = events.next();
  const left = gate();
  void waiting.then(left.open);
  leaving.abort();
  await left.passed;
  expect([(await waiting).done, hub.count()]).toEqual([true, 0]);
});
