import { describe, expect, test } from '@jest/globals';
import type { EffectOutcome } from '@parley/contracts';
import {
  foldEquals,
  fullRounds,
  marks,
  proWins,
  runDecider,
  scenario,
  startDebate,
  turnFailed,
  turnReplied,
} from '@parley/testkit';
import { type DebateInput, debate } from './debate.ts';

const after = (...inputs: DebateInput[]) => scenario(debate).given(...runDecider(debate, inputs).events);
const usage = { inputTokens: 500, outputTokens: 60 };
const judged: DebateInput = {
  type: 'effect.succeeded',
  effect: 'judge',
  key: 'judge/1',
  result: { verdict: proWins, usage } as never,
};
const judgeFails = (key: string): EffectOutcome => ({
  type: 'effect.failed',
  effect: 'judge',
  key,
  code: 'MODEL_GARBAGE',
  reason: 'no JSON in the answer',
});
const deadline: DebateInput = { type: 'effect.succeeded', effect: 'timer', key: 'deadline', result: null };
const failedTimers: EffectOutcome[] = [
  { ...judgeFails('deadline'), effect: 'timer' },
  { type: 'effect.outcome-unknown', effect: 'timer', key: 'deadline' },
];
const cancel: DebateInput = { type: 'cancel-debate.v1', data: { reason: 'the room is needed' } };
const oneRound = [startDebate({ maxRounds: 1 }), ...fullRounds(1)];
/** An hour, and a reserve of five minutes. */
const verdictBy = 3_900_000;
const nothingToJudge = 'Not one round was complete: there is nothing to judge.';

describe('a debate that is being debated', () => {
  test('is cancelled without a verdict, and the turn that was asked for is withdrawn', () => {
    after(startDebate(), ...fullRounds(1), turnReplied(2, 'pro'))
      .when(cancel)
      .then([
        {
          type: 'debate-stopped.v1',
          data: {
            stopReason: 'cancelled',
            alsoTrue: [],
            rounds: 1,
            detail: 'the room is needed',
            withdrawn: { round: 2, side: 'con' },
          },
        },
        { type: 'debate-closed.v1', data: { status: 'cancelled', stopReason: 'cancelled' } },
      ]);
  });

  test('fails when a debater does, and says which one and why', () => {
    after(startDebate(), turnReplied(1, 'pro'))
      .when(turnFailed(1, 'con', 'model "x" is not there'))
      .then([
        {
          type: 'debate-stopped.v1',
          data: {
            stopReason: 'debater_failed',
            alsoTrue: [],
            rounds: 0,
            detail: 'con in round 1: model "x" is not there',
            withdrawn: { round: 1, side: 'con' },
          },
        },
        { type: 'debate-closed.v1', data: { status: 'failed', stopReason: 'debater_failed' } },
      ]);
  });

  test('names what the attempts at a turn that failed have cost', () => {
    const spent = { usage: { inputTokens: 30, outputTokens: 8 }, model: 'm' };
    const lost = (code: string) => {
      const { type, data } = turnFailed(2, 'pro', 'garbage');
      const input = { type, data: { ...data, code, ...spent } };
      return after(startDebate(), ...fullRounds(1))
        .when(input)
        .decided().events[0];
    };
    for (const code of ['MODEL_GARBAGE', 'TOKEN_BUDGET_SPENT', 'DEADLINE_PASSED']) {
      expect(lost(code)).toMatchObject({ data: { withdrawn: { round: 2, side: 'pro', ...spent } } });
    }
  });

  test('goes to the judge at its deadline when a round is complete', () => {
    const { events, effects } = after(startDebate(), ...fullRounds(1))
      .when(deadline)
      .decided();
    expect(events).toEqual([
      {
        type: 'debate-stopped.v1',
        data: { stopReason: 'deadline', alsoTrue: [], rounds: 1, withdrawn: { round: 2, side: 'pro' } },
      },
    ]);
    expect(effects.map(({ key }) => key)).toEqual(['judge/1', 'verdict']);
  });

  test('closes at its deadline without a judge when no round is complete', () => {
    after(startDebate(), turnReplied(1, 'pro'))
      .when(deadline)
      .then([
        {
          type: 'debate-stopped.v1',
          data: { stopReason: 'deadline', alsoTrue: [], rounds: 0, withdrawn: { round: 1, side: 'con' } },
        },
        { type: 'verdict-given.v1', data: { verdict: { outcome: 'unavailable', reason: nothingToJudge } } },
        { type: 'debate-closed.v1', data: { status: 'closed', stopReason: 'deadline' } },
      ]);
  });

  test('takes a turn that comes after the deadline and stops with it', () => {
    const { events } = after(startDebate(), ...fullRounds(1))
      .when(turnReplied(2, 'pro'), 3_600_000)
      .decided();
    expect(events).toMatchObject([
      { type: 'turn-recorded.v1', data: { next: null } },
      { type: 'debate-stopped.v1', data: { stopReason: 'deadline', rounds: 1 } },
    ]);
  });

  test('stops in the middle of a round when the tokens are spent', () => {
    const { events } = after(startDebate({ tokenBudget: 300 }), ...fullRounds(1))
      .when(turnReplied(2, 'pro'))
      .decided();
    expect(events).toMatchObject([
      { type: 'turn-recorded.v1', data: { next: null } },
      { type: 'debate-stopped.v1', data: { stopReason: 'token_budget', rounds: 1 } },
    ]);
  });

  test('lists every reason that holds, the first in the fixed order as the reason', () => {
    const last = after(startDebate({ maxRounds: 1, tokenBudget: 200 }), turnReplied(1, 'pro'));
    const { events } = last.when(turnReplied(1, 'con'), 3_600_000).decided();
    const reasons = { stopReason: 'deadline', alsoTrue: ['token_budget', 'max_rounds'] };
    expect(events[1]).toMatchObject({ type: 'debate-stopped.v1', data: reasons });
  });

  test('stops at its deadline even if the timer itself failed', () => {
    for (const answer of failedTimers) {
      const { events } = after(startDebate(), ...fullRounds(1))
        .when(answer)
        .decided();
      expect(events).toMatchObject([{ type: 'debate-stopped.v1', data: { stopReason: 'deadline', rounds: 1 } }]);
    }
  });
});

describe('a debate that is being judged', () => {
  test('closes with the verdict', () => {
    after(...oneRound)
      .when(judged)
      .then([
        { type: 'verdict-given.v1', data: { verdict: proWins, usage, model: 'rehearsal' } },
        { type: 'debate-closed.v1', data: { status: 'closed', stopReason: 'max_rounds' } },
      ]);
  });

  test('keeps the votes that the verdict was made from', () => {
    const scores = { pro: marks(8), con: marks(6) };
    const votes = (['pro-first', 'con-first'] as const).map((order) => ({
      judge: 'rehearsal',
      order,
      winner: 'pro' as const,
      scores,
      reason: 'Pro answered every claim.',
    }));
    const answer = { ...judged, result: { verdict: proWins, usage, votes, positionFlip: false } } as typeof judged;
    const { events } = after(...oneRound)
      .when(answer)
      .decided();
    expect(events[0]?.data).toEqual({ verdict: proWins, usage, model: 'rehearsal', votes, positionFlip: false });
  });

  test('asks for the judges that the debate was started with, also when it asks again', () => {
    const judge = { model: 'qwen3:4b', panel: 3 as const };
    const start = startDebate({ maxRounds: 1, judge });
    const first = after(start, turnReplied(1, 'pro')).when(turnReplied(1, 'con')).decided();
    const second = after(start, ...fullRounds(1))
      .when(judgeFails('judge/1'))
      .decided();
    for (const { effects } of [first, second]) expect(effects[0]?.effect.data).toMatchObject({ judge });
  });

  test('is cancelled without a verdict', () => {
    after(...oneRound)
      .when(cancel)
      .then([{ type: 'debate-closed.v1', data: { status: 'cancelled', stopReason: 'cancelled' } }]);
  });

  test('asks the judge again when it fails', () => {
    const topic = 'Tea is better than coffee';
    const data = { topic, until: verdictBy };
    const again = [{ key: 'judge/2', effect: { type: 'judge' as const, data }, isIdempotent: true }];
    after(...oneRound)
      .when(judgeFails('judge/1'))
      .then([{ type: 'judging-failed.v1', data: { reason: 'no JSON in the answer', isLast: false } }], again);
    after(...oneRound)
      .when({ type: 'effect.outcome-unknown', effect: 'judge', key: 'judge/1' })
      .then(
        [{ type: 'judging-failed.v1', data: { reason: 'the outcome of judging is unknown', isLast: false } }],
        again,
      );
  });

  test('closes without a verdict when the judge failed three times', () => {
    after(...oneRound, judgeFails('judge/1'), judgeFails('judge/2'))
      .when(judgeFails('judge/3'))
      .then([
        { type: 'judging-failed.v1', data: { reason: 'no JSON in the answer', isLast: true } },
        {
          type: 'verdict-given.v1',
          data: {
            verdict: {
              outcome: 'unavailable',
              reason: 'The judge failed 3 times, at last: no JSON in the answer',
            },
          },
        },
        { type: 'debate-closed.v1', data: { status: 'closed', stopReason: 'max_rounds' } },
      ]);
  });

  test('does not take a failed timer for a failed judge', () => {
    for (const answer of failedTimers)
      after(...oneRound)
        .when(answer)
        .refuses('NOT_RUNNING');
  });

  test('is asked for by the time that is left for a verdict, and is over without one then', () => {
    const { effects } = after(startDebate({ maxRounds: 1 }), turnReplied(1, 'pro'))
      .when(turnReplied(1, 'con'))
      .decided();
    expect(effects).toMatchObject([
      { key: 'judge/1', effect: { data: { until: verdictBy } } },
      { key: 'verdict', effect: { type: 'timer' }, dueAt: verdictBy },
    ]);
    const due: DebateInput = { type: 'effect.succeeded', effect: 'timer', key: 'verdict', result: null };
    const { events } = after(...oneRound)
      .when(due, verdictBy)
      .decided();
    expect(events).toMatchObject([
      { type: 'verdict-given.v1', data: { verdict: { outcome: 'unavailable' } } },
      { type: 'debate-closed.v1', data: { status: 'closed' } },
    ]);
    after(startDebate()).when(due).refuses('NOT_JUDGING');
    after(...oneRound, judged)
      .when(due)
      .refuses('NOT_JUDGING');
  });

  test('is not asked for once more when its time is over', () => {
    const { events, effects } = after(...oneRound)
      .when(judgeFails('judge/1'), verdictBy)
      .decided();
    expect(events.map(({ type }) => type)).toEqual(['judging-failed.v1', 'verdict-given.v1', 'debate-closed.v1']);
    expect(effects).toEqual([]);
  });

  test('takes no deadline any more', () => {
    after(...oneRound)
      .when(deadline)
      .refuses('NOT_RUNNING');
  });
});

test('a closed debate refuses everything', () => {
  const closed = after(...oneRound, judged);
  closed.when(judged).refuses('NOT_JUDGING');
  closed.when(judgeFails('judge/1')).refuses('NOT_JUDGING');
  closed.when(cancel).refuses('NOT_RUNNING');
  closed.when(deadline).refuses('NOT_RUNNING');
});

const threeTimes = ['judge/1', 'judge/2', 'judge/3'].map(judgeFails);
test.each<[string, DebateInput[]]>([
  ['the verdict', [...oneRound, judged]],
  ['a judge that fails three times', [...oneRound, ...threeTimes]],
  ['a cancellation', [startDebate(), cancel]],
  ['a cancellation while it is judged', [...oneRound, cancel]],
  ['the deadline before a whole round', [startDebate(), deadline]],
  ['the deadline after one', [startDebate(), ...fullRounds(1), deadline, judged]],
  ['spent tokens before a whole round', [startDebate({ tokenBudget: 1 }), turnReplied(1, 'pro')]],
  ['a debater that fails', [startDebate(), turnFailed(1, 'pro')]],
])('after %s the debate closes once, as its last fact, with one verdict at most', (_, inputs) => {
  const { events, state } = runDecider(debate, inputs);
  const types = events.map((event) => event.type);
  expect(types.indexOf('debate-closed.v1')).toBe(types.length - 1);
  expect(types.filter((type) => type === 'verdict-given.v1').length).toBeLessThanOrEqual(1);
  expect(state).toEqual({ phase: 'closed' });
  foldEquals(debate, events, { phase: 'closed' });
});
