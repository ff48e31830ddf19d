import { expect, test } from '@jest/globals';
import type { DeltaV1, Side } from '@parley/contracts/debate';
import type { NumberedFact } from '@parley/sdk';
import { type DebateLog, emptyLog, roundsOf, withDelta, withEvent } from '../src/debate-log.ts';
import { previewStop } from '../src/preview.ts';

const at = '2026-01-01T00:00:00.000Z';
function recorded(seq: number, round: number, side: Side, overlap = 0): NumberedFact {
  const novelty = {
    score: 1 - overlap,
    isStale: false,
    step: 'none',
    containment: overlap,
    jaccard: 0,
    against: 'own',
  };
  const data = { round, side, text: `${side} ${round}`, model: 'm', isRehearsal: true, novelty, next: null };
  return { type: 'turn-recorded.v1', seq, at, data } as unknown as NumberedFact;
}
const delta = (offset: number, text: string, round = 1, side: Side = 'pro'): DeltaV1 => ({ round, side, offset, text });
const told = (events: readonly NumberedFact[]): DebateLog => events.reduce(withEvent, emptyLog);

test('an event that was taken before changes nothing', () => {
  const once = told([recorded(1, 1, 'pro')]);
  expect(withEvent(once, recorded(1, 1, 'pro'))).toBe(once);
});

test('pieces make up a turn while it is written, and the whole turn takes their place', () => {
  const live = [delta(0, 'Cars '), delta(5, 'are')].reduce(withDelta, emptyLog);
  expect(live.live).toMatchObject({ text: 'Cars are', from: 0 });
  const whole = withEvent(live, recorded(1, 1, 'pro'));
  expect(whole.live).toBeUndefined();
  expect(withDelta(whole, delta(8, ' late'))).toBe(whole);
});

test('who comes in the middle of a turn sees the rest of it, and a turn begun anew begins anew', () => {
  const late = [delta(40, 'the rest'), delta(48, ' of it')].reduce(withDelta, emptyLog);
  expect(late.live).toMatchObject({ text: 'the rest of it', from: 40 });
  expect(withDelta(late, delta(99, 'gap')).live).toEqual(late.live);
  expect(withDelta(late, delta(0, 'Anew')).live).toMatchObject({ text: 'Anew', from: 0 });
});

test('a pause takes the floor away: what was begun is gone, and nothing is added to it', () => {
  const paused = withEvent(withDelta(emptyLog, delta(0, 'Half')), {
    type: 'debate-paused.v1',
    seq: 1,
    at,
    data: {},
  } as NumberedFact);
  expect(paused).toMatchObject({ isPaused: true, live: undefined });
  expect(withDelta(paused, delta(4, ' more'))).toBe(paused);
});

test('a pause and a note before the first turn has come stand in the round that had begun', () => {
  const data = { text: 'What does it cost?' };
  const paused = { type: 'debate-paused.v1', seq: 1, at, data: {} } as NumberedFact;
  const log = [paused, { type: 'note-added.v1', seq: 2, at, data } as NumberedFact].reduce(withEvent, emptyLog);
  expect(roundsOf(log)).toEqual([1]);
  expect(log.asides).toMatchObject([
    { kind: 'paused', round: 1 },
    { kind: 'note', round: 1, ...data },
  ]);
});

test('an event of a newer moderator keeps its number', () => {
  const newer = { type: 'something-new.v9', seq: 1, at, data: {} } as unknown as NumberedFact;
  expect(withEvent(emptyLog, newer)).toEqual({ ...emptyLog, seq: 1 });
});

test.each([
  [0.5, [0, 0.6, 0.6, 0.1], 3],
  [0.7, [0, 0.6, 0.6, 0.1], undefined],
  [0.05, [0, 0.6, 0.6, 0.1], 3],
  [0.05, [0.2, 0.2, 0.2, 0.2], 2],
])('from an overlap of %s on, overlaps of %j would have stopped it at round %s', (from, overlaps, round) => {
  const log = told(
    overlaps.flatMap((overlap, i) => [
      recorded(2 * i + 1, i + 1, 'pro', overlap),
      recorded(2 * i + 2, i + 1, 'con', overlap),
    ]),
  );
  expect(previewStop(log, { minRounds: 1 }, from).round).toBe(round);
  expect(previewStop(log, { minRounds: 4 }, from).round).not.toBe(3);
});

test('one side alone that repeats itself stops nothing', () => {
  const log = told([1, 2, 3].flatMap((n) => [recorded(2 * n - 1, n, 'pro', 1), recorded(2 * n, n, 'con', 0)]));
  expect(previewStop(log, { minRounds: 1 }, 0.5)).toMatchObject({ round: undefined });
});

test('what a model holds up is known until something else happens than a note', () => {
  const data = { awaits: 'turn', round: 1, side: 'con', since: 0, code: 'MODEL_UNREACHABLE', reason: 'No answer.' };
  const away = { type: 'model-waiting.v1', seq: 2, at, data } as NumberedFact;
  const note = { type: 'note-added.v1', seq: 3, at, data: { text: 'Go on.' } } as NumberedFact;
  const held = told([recorded(1, 1, 'pro'), away]);
  expect(held.waiting).toEqual(data);
  expect(withEvent(held, note).waiting).toEqual(data);
  expect(withEvent(held, recorded(3, 1, 'con')).waiting).toBeUndefined();
});
