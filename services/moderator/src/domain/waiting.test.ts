import { describe, expect, test } from '@jest/globals';
import type { EffectOutcome } from '@parley/contracts';
import type { ModelWaitingV1 } from '@parley/contracts/debate';
import { freshText, fullRounds, proWins, runDecider, scenario, startDebate, turnReplied } from '@parley/testkit';
import { type DebateInput, debate } from './debate.ts';

const after = (...inputs: DebateInput[]) => scenario(debate).given(...runDecider(debate, inputs).events);
const deadlineAt = 3_600_000;
const verdictBy = 3_900_000;
const fails = (effect: string, key: string, retryAfterMs?: number): EffectOutcome => ({
  type: 'effect.failed',
  effect,
  key,
  code: 'MODEL_OVERLOADED',
  reason: 'Busy.',
  isPassing: true,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const rings = (key: string): EffectOutcome => ({ type: 'effect.succeeded', effect: 'timer', key, result: null });
const told = (data: Partial<ModelWaitingV1>) => ({
  type: 'model-waiting.v1',
  data: { code: 'MODEL_OVERLOADED', reason: 'Busy.', ...data },
});
const deadline = rings('deadline');

describe('a debater that waits for its model', () => {
  const waits: DebateInput = {
    type: 'model-waiting.v1',
    data: { awaits: 'turn', round: 1, side: 'pro', since: 5, code: 'MODEL_UNREACHABLE', reason: 'No answer.' },
  };

  test('is told of in the log, and keeps the floor', () => {
    const { events, effects, state } = after(startDebate()).when(waits).decided();
    expect(events).toEqual([waits]);
    expect(effects).toEqual([]);
    expect(state).toMatchObject({ phase: 'debating', round: 1, side: 'pro' });
  });

  test('is not told of when the floor is somebody else’s, or nobody’s', () => {
    after(startDebate(), turnReplied(1, 'pro')).when(waits).refuses('OUT_OF_TURN');
    after(startDebate(), { type: 'pause-debate.v1', data: {} }).when(waits).refuses('OUT_OF_TURN');
    after(startDebate(), { type: 'cancel-debate.v1', data: {} }).when(waits).refuses('OUT_OF_TURN');
  });
});

describe('a turn whose assessment waits for a model', () => {
  const text = freshText(1, 120);
  const inputs = [startDebate({ checks: { topic: true } }), turnReplied(1, 'pro', text)];
  const data = { awaits: 'assessment' as const, round: 1, side: 'pro' as const };

  test('stays unrecorded, and that is told once', () => {
    const first = after(...inputs)
      .when(fails('assess', 'assess/1/pro/1'), 1_000)
      .decided();
    expect(first.events).toEqual([told({ ...data, since: 1_000 })]);
    expect(first.effects).toMatchObject([{ key: 'wait/assess/1/pro/1@1000', dueAt: 2_000 }]);
    const second = after(...inputs, fails('assess', 'assess/1/pro/1'))
      .when(fails('assess', 'assess/1/pro/1@2000', 30_000), 2_000)
      .decided();
    expect(second.events).toEqual([]);
    expect(second.effects).toMatchObject([{ key: 'wait/assess/1/pro/1@2000', dueAt: 32_000 }]);
  });

  test('is looked at for the same when the wait is over, also after a pause', () => {
    const asked = runDecider(debate, inputs).effects.at(-1);
    for (const more of [[], [{ type: 'pause-debate.v1', data: {} } as const]]) {
      const { events, effects } = after(...inputs, fails('assess', 'assess/1/pro/1'), ...more)
        .when(rings('wait/assess/1/pro/1@0'), 2_000)
        .decided();
      expect(events).toEqual([]);
      expect(effects).toEqual([{ ...asked, key: 'assess/1/pro/1@2000' }]);
    }
  });

  test('is recorded as it stands when the deadline comes first', () => {
    const { events } = after(...inputs, fails('assess', 'assess/1/pro/1'))
      .when(deadline, deadlineAt)
      .decided();
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['turn-recorded.v1', 'debate-stopped.v1']);
    const late = after(...inputs)
      .when(fails('assess', 'assess/1/pro/1'), deadlineAt)
      .decided();
    expect(late.events[0]).toMatchObject({ type: 'turn-recorded.v1' });
  });

  test('is asked for no more when it was recorded', () => {
    after(...inputs, fails('assess', 'assess/1/pro/1'), deadline)
      .when(rings('wait/assess/1/pro/1@0'))
      .refuses('NOT_JUDGING');
  });
});

describe('a verdict that waits for the judge', () => {
  const inputs = [startDebate({ maxRounds: 1 }), ...fullRounds(1)];
  const failed = fails('judge', 'judge/1');

  test('is told of once, and costs none of the judge’s tries', () => {
    const first = after(...inputs)
      .when(failed, 1_000)
      .decided();
    expect(first.events).toEqual([told({ awaits: 'verdict', since: 1_000 })]);
    expect(first.effects).toMatchObject([{ key: 'wait/judge/1@1000', dueAt: 2_000 }]);
    const again = after(...inputs, failed, failed, failed, failed)
      .when(fails('judge', 'judge/1@9'), 11_000)
      .decided();
    expect(again.events).toEqual([]);
    expect(again.effects).toMatchObject([{ key: 'wait/judge/1@11000', dueAt: 16_500 }]);
  });

  test('is asked for again when the wait is over, and given', () => {
    const { effects } = after(...inputs, failed)
      .when(rings('wait/judge/1@0'), 1_000)
      .decided();
    expect(effects).toMatchObject([{ key: 'judge/1@1000', effect: { type: 'judge', data: { until: verdictBy } } }]);
    const usage = { inputTokens: 1, outputTokens: 1 };
    const answer: EffectOutcome = {
      type: 'effect.succeeded',
      effect: 'judge',
      key: 'judge/1@1000',
      result: { verdict: proWins, usage } as never,
    };
    expect(runDecider(debate, [...inputs, failed, answer]).state).toEqual({ phase: 'closed' });
  });

  test('waits until its time is over and not longer', () => {
    const last = after(...inputs)
      .when(failed, verdictBy - 1)
      .decided();
    expect(last.effects).toMatchObject([{ dueAt: verdictBy }]);
    const over = after(...inputs)
      .when(failed, verdictBy)
      .decided();
    expect(over.events.at(-1)).toMatchObject({ type: 'debate-closed.v1' });
  });

  test('is asked for no more when the debate is over', () => {
    after(...inputs, failed, { type: 'cancel-debate.v1', data: {} })
      .when(rings('wait/judge/1@0'))
      .refuses('NOT_JUDGING');
  });
});
