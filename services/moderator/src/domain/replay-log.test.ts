import { describe, expect, test } from '@jest/globals';
import type { ReplayRules, Side } from '@parley/contracts/debate';
import { freshText, proWins, runDecider, startDebate, turnFailed, turnReplied } from '@parley/testkit';
import fc from 'fast-check';
import { type DebateEvent, type DebateInput, debate } from './debate.ts';
import { type Replayed, replayLog } from './replay-log.ts';

const judged: DebateInput = {
  type: 'effect.succeeded',
  effect: 'judge',
  key: 'judge/1',
  result: { verdict: proWins, usage: { inputTokens: 500, outputTokens: 60 } } as never,
};

/** A debate in which from round 2 on the first `share` of a side's 60 words are those of its last turn. */
function logOf(rounds: number, share: number, setup: Parameters<typeof startDebate>[0] = {}): readonly DebateEvent[] {
  const texts: Record<Side, string> = { pro: '', con: '' };
  const turns = Array.from({ length: rounds }, (_, i) =>
    (['pro', 'con'] as const).map((side) => {
      const own = texts[side].split(' ');
      const kept = i === 0 ? [] : own.slice(0, Math.round(60 * share));
      const fresh = freshText(`${side} ${i}`, 2_000).split(' ');
      texts[side] = [...kept, ...fresh].slice(0, 60).join(' ');
      return turnReplied(i + 1, side, texts[side]);
    }),
  ).flat();
  return runDecider(debate, [startDebate({ maxRounds: rounds, ...setup }), ...turns, judged]).events;
}

function replayed(log: readonly DebateEvent[], rules: ReplayRules): Replayed {
  const found = replayLog(log, rules);
  if ('refusal' in found) throw new Error(found.refusal);
  return found;
}

describe('by the same rules', () => {
  test('a debate ends where it ended', () => {
    for (const share of [0, 0.45, 1]) {
      const { original, replay, tokensSaved, judged: turns } = replayed(logOf(6, share), {});
      const { verdict, ...end } = original;
      expect(verdict).toEqual(proWins);
      expect(replay).toMatchObject(end);
      expect(tokensSaved).toBe(0);
      expect(turns).toHaveLength(2 * end.rounds);
    }
  });

  test('every turn is as new as it was', () => {
    const log = logOf(6, 0.45);
    const novelties = log.filter((event) => event.type === 'turn-recorded.v1').map(({ data }) => data.novelty);
    expect(replayed(log, {}).replay.turns.map(({ novelty }) => novelty)).toEqual(novelties);
  });
});

describe('by other rules', () => {
  const log = logOf(8, 0.45);

  test('lower thresholds stop it earlier, and say what was saved', () => {
    const { original, replay, tokensSaved, judged: turns } = replayed(log, { thresholds: { containment: 0.3 } });
    expect(original).toMatchObject({ rounds: 8, stopReason: 'max_rounds', tokens: 1600 });
    expect(replay).toMatchObject({ rounds: 3, stopReason: 'redundant', alsoTrue: [], tokens: 600 });
    expect(replay.turns.map(({ novelty, wasStale }) => [novelty.isStale, wasStale])).toEqual(
      [false, false, true, true, true, true].map((isStale) => [isStale, false]),
    );
    expect(tokensSaved).toBe(1_000);
    expect(turns.map(({ round, side }) => `${round}${side}`)).toEqual(['1pro', '1con', '2pro', '2con', '3pro', '3con']);
  });

  test.each<[string, ReplayRules, Partial<Replayed['replay']>]>([
    ['fewer rounds', { stop: { maxRounds: 3 } }, { rounds: 3, stopReason: 'max_rounds' }],
    [
      'more stale rounds in a row',
      { thresholds: { containment: 0.3 }, stop: { staleRounds: 4 } },
      { rounds: 5, stopReason: 'redundant' },
    ],
    [
      'one stale round',
      { thresholds: { containment: 0.3 }, stop: { staleRounds: 1 } },
      { rounds: 2, stopReason: 'redundant' },
    ],
    [
      'more rounds at least',
      { thresholds: { containment: 0.3 }, stop: { minRounds: 6 } },
      { rounds: 6, stopReason: 'redundant' },
    ],
    [
      'circles allowed',
      { thresholds: { containment: 0.3 }, stop: { stopWhenRedundant: false } },
      { rounds: 8, stopReason: 'max_rounds' },
    ],
  ])('%s', (_what, rules, expected) => {
    expect(replayed(log, rules).replay).toMatchObject(expected);
  });

  test('use the cosines that the log has, where it has some', () => {
    const fresh = logOf(8, 0);
    const seen = fresh.map((event): DebateEvent => {
      if (event.type !== 'turn-recorded.v1' || event.data.round === 1) return event;
      const cosine = { cosine: 0.8, cosineAgainst: 'own' as const, cosineThreshold: 0.85 };
      return { ...event, data: { ...event.data, novelty: { ...event.data.novelty, ...cosine } } };
    });
    expect(replayed(seen, {}).replay).toMatchObject({ rounds: 8, stopReason: 'max_rounds' });
    const { replay } = replayed(seen, { thresholds: { cosine: 0.75 } });
    expect(replay).toMatchObject({ rounds: 3, stopReason: 'redundant' });
    expect(replay.turns.at(-1)?.novelty).toMatchObject({ step: 'embedding', cosine: 0.8, cosineThreshold: 0.75 });
    expect(replayed(fresh, { thresholds: { cosine: 0.75 } }).replay).toMatchObject({ stopReason: 'max_rounds' });
  });

  test('that would not have stopped it yet, nobody knows how it would have gone on', () => {
    const { replay, tokensSaved } = replayed(log, { stop: { maxRounds: 12 } });
    expect(replay).toMatchObject({ rounds: 8, stopReason: null, alsoTrue: [] });
    expect(tokensSaved).toBe(0);
    const circles = replayed(logOf(8, 1), { thresholds: { containment: 1, jaccard: 1 }, stop: { minRounds: 8 } });
    expect(circles.original.stopReason).toBe('redundant');
    expect(circles.replay.stopReason).toBeNull();
  });

  test('what ended it from outside still ends it, unless the rules do before', () => {
    const turns = [turnReplied(1, 'pro'), turnReplied(1, 'con'), turnReplied(2, 'pro')];
    const failing = runDecider(debate, [startDebate(), ...turns, turnFailed(2, 'con')]).events;
    expect(replayed(failing, { stop: { maxRounds: 9 } }).replay).toMatchObject({
      rounds: 1,
      stopReason: 'debater_failed',
    });
    expect(replayed(failing, { stop: { maxRounds: 1, minRounds: 1 } }).replay).toMatchObject({
      rounds: 1,
      stopReason: 'max_rounds',
    });
    // The half round is not judged.
    expect(replayed(failing, {}).judged).toHaveLength(2);
  });

  test('never changes the log, never counts more than there is', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const rounds = fc.integer({ min: 1, max: 12 });
    const before = JSON.stringify(log);
    fc.assert(
      fc.property(share, share, rounds, rounds, (containment, jaccard, maxRounds, staleRounds) => {
        const { original, replay, tokensSaved } = replayed(log, {
          thresholds: { containment, jaccard },
          stop: { maxRounds, staleRounds },
        });
        expect(replay.rounds).toBeLessThanOrEqual(Math.min(maxRounds, original.rounds));
        expect(replay.tokens + tokensSaved).toBe(original.tokens);
        expect(replay.turns.length).toBe(2 * replay.rounds);
      }),
      { numRuns: 60 },
    );
    expect(JSON.stringify(log)).toBe(before);
  });
});

test('a debate that is not over, or not here, is refused', () => {
  const open = runDecider(debate, [startDebate(), turnReplied(1, 'pro')]).events;
  expect(replayLog(open, {})).toEqual({ refusal: 'The debate is not over. Ask again when it is closed.' });
  expect(replayLog([], {})).toEqual({ refusal: 'The moderator has no such debate.' });
});
