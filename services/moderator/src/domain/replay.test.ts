import { describe, expect, test } from '@jest/globals';
import { foldEquals, runDecider, scenario } from '@parley/testkit';
import { type ReplayAnswer, type ReplayInput, replay } from './replay.ts';

const debate = '0193e5a0-7c1e-7d3a-9f00-00000000000a';
const rules = { thresholds: { containment: 0.4 } };
const asked: ReplayInput = { type: 'replay-debate.v1', data: { debate, rules } };
const until = 900_000;
const verdict = { outcome: 'unavailable' as const, reason: 'No judge gave an answer.' };
const answer: ReplayAnswer = {
  original: { rounds: 8, stopReason: 'max_rounds', alsoTrue: [], tokens: 1600, verdict },
  replay: {
    rounds: 4,
    stopReason: 'redundant',
    alsoTrue: [],
    tokens: 800,
    verdict,
    turns: [],
    votes: [],
    positionFlip: false,
  },
  tokensSaved: 800,
  usage: { inputTokens: 0, outputTokens: 0 },
};
const effect = { effect: 'replay', key: 'replay' };
const answered = (result: ReplayAnswer): ReplayInput => ({
  type: 'effect.succeeded',
  ...effect,
  result: result as never,
});
const after = (...inputs: ReplayInput[]) => scenario(replay).given(...runDecider(replay, inputs).events);

test('a replay asks for one effect, and for nothing of the debaters', () => {
  scenario(replay)
    .when(asked)
    .then(
      [{ type: 'replay-started.v1', data: { debate, rules, until } }],
      [{ key: 'replay', effect: { type: 'replay', data: { debate, rules, until } }, isIdempotent: true }],
    );
});

test('it finishes with what the effect found', () => {
  after(asked)
    .when(answered(answer))
    .then([{ type: 'replay-finished.v1', data: { debate, ...(answer as Extract<ReplayAnswer, { usage: unknown }>) } }]);
});

test.each<[string, ReplayInput, string]>([
  ['is refused', answered({ refusal: 'The debate is not over.' }), 'The debate is not over.'],
  ['fails', { type: 'effect.failed', ...effect, code: 'INTERNAL', reason: 'a bug' }, 'a bug'],
  ['is lost', { type: 'effect.outcome-unknown', ...effect }, 'what became of the replay is unknown'],
])('it fails with the reason when the effect %s', (_what, input, reason) => {
  after(asked)
    .when(input)
    .then([{ type: 'replay-failed.v1', data: { debate, reason } }]);
});

describe('a judge that is away', () => {
  const away: ReplayInput = {
    type: 'effect.failed',
    ...effect,
    code: 'MODEL_UNREACHABLE',
    reason: 'No answer.',
    isPassing: true,
  };
  const rings: ReplayInput = { type: 'effect.succeeded', effect: 'timer', key: 'wait/replay@5000', result: null };

  test('is waited for, which is told once', () => {
    const first = after(asked).when(away, 5_000).decided();
    expect(first.events).toEqual([{ type: 'replay-waiting.v1', data: { debate, since: 5_000, reason: 'No answer.' } }]);
    expect(first.effects).toMatchObject([{ key: 'wait/replay@5000', effect: { type: 'timer' }, dueAt: 6_000 }]);
    const second = after(asked, away).when(away, 9_000).decided();
    expect(second.events).toEqual([]);
    expect(second.effects).toHaveLength(1);
  });

  test('is asked again with the same rules when the wait is over, by the end of its time at the latest', () => {
    const again = { key: 'replay@6000', effect: { type: 'replay' as const, data: { debate, rules, until } } };
    after(asked, away)
      .when(rings, 6_000)
      .then([], [{ ...again, isIdempotent: true }]);
    expect(after(asked).when(away, 899_999).decided().effects).toMatchObject([{ dueAt: until }]);
    after(asked)
      .when(away, until)
      .then([{ type: 'replay-failed.v1', data: { debate, reason: 'No answer.' } }]);
  });

  test('asks nothing of a replay that is over', () => {
    after(asked, away, answered(answer)).when(rings).refuses('NOT_JUDGING');
  });
});

test('happens once, and ends once', () => {
  after(asked).when(asked).refuses('ALREADY_STARTED');
  after(asked, answered(answer)).when(asked).refuses('ALREADY_STARTED');
  after(asked, answered(answer)).when(answered(answer)).refuses('NOT_JUDGING');
  scenario(replay).when(answered(answer)).refuses('NOT_JUDGING');
});

test('its state is what its events fold to', () => {
  const { events, state } = runDecider(replay, [asked, answered(answer)]);
  foldEquals(replay, events, state);
  expect(replay.isFinished(state)).toBe(true);
});
