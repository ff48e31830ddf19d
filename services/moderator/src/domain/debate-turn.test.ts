import { describe, expect, test } from '@jest/globals';
import type { EffectOutcome } from '@parley/contracts';
import type { Side } from '@parley/contracts/debate';
import { foldEquals, fullRounds, proWins, runDecider, scenario, startDebate, turnReplied } from '@parley/testkit';
import type { Assessment } from './assessment.ts';
import { type DebateEvent, type DebateInput, debate } from './debate.ts';

const after = (...inputs: DebateInput[]) => scenario(debate).given(...runDecider(debate, inputs).events);
const usage = { inputTokens: 30, outputTokens: 5 };
const surrender = 'I now agree that we should not drink tea. Coffee is better in every way.';
const looksAt = (key: string, found: Partial<Assessment>): EffectOutcome => ({
  type: 'effect.succeeded',
  effect: 'assess',
  key,
  result: { usage, skipped: [], ...found } as never,
});
const arguesFor = (key: string, side: Side | 'neither') => looksAt(key, { stance: { side, reason: 'It says so.' } });
const isOff = (key: string) => looksAt(key, { isOnTopic: false });
const typesOf = (events: readonly DebateEvent[]) => events.map(({ type }) => type);
const stopOf = (inputs: DebateInput[]) => {
  const event = runDecider(debate, inputs).events.find(({ type }) => type === 'debate-stopped.v1');
  return event?.type === 'debate-stopped.v1' ? event.data : undefined;
};
const concedes = (round: number, side: Side) => turnReplied(round, side, undefined, { concedes: true });

describe('a turn with nothing to look at', () => {
  test('is recorded at once: one event, no effect', () => {
    const { events, effects } = after(startDebate()).when(turnReplied(1, 'pro')).decided();
    expect(typesOf(events)).toEqual(['turn-recorded.v1']);
    expect(effects).toEqual([]);
  });

  test('is what every turn is when the stance check is refused', () => {
    const { events } = after(startDebate({ checks: { stance: false } }))
      .when(turnReplied(1, 'pro', surrender))
      .decided();
    expect(typesOf(events)).toEqual(['turn-recorded.v1']);
  });
});

describe('a suspicious turn', () => {
  const received = [startDebate(), turnReplied(1, 'pro', surrender)];

  test('is kept and looked at before it is recorded', () => {
    const { events, effects } = after(startDebate())
      .when(turnReplied(1, 'pro', surrender))
      .decided();
    expect(events).toMatchObject([
      { type: 'turn-received.v1', data: { turn: { text: surrender }, checks: ['stance'] } },
    ]);
    expect(effects).toEqual([
      {
        key: 'assess/1/pro/1',
        effect: {
          type: 'assess',
          data: { round: 1, side: 'pro', text: surrender, checks: ['stance'], until: 3_600_000 },
        },
        isIdempotent: true,
      },
    ]);
  });

  test('is looked at without an opinion where the debate wants none', () => {
    const { effects } = after(startDebate({ checks: { embedding: true, opinion: false } }))
      .when(turnReplied(1, 'pro', surrender))
      .decided();
    expect(effects).toMatchObject([
      { effect: { type: 'assess', data: { checks: ['embedding', 'stance'], isOpinionUnwanted: true } } },
    ]);
  });

  test('is recorded when it argues for its own side after all, with what the look at it cost', () => {
    const { events, state } = after(...received)
      .when(arguesFor('assess/1/pro/1', 'pro'))
      .decided();
    expect(events).toMatchObject([
      {
        type: 'turn-recorded.v1',
        data: { text: surrender, flip: false, stance: { side: 'pro' }, assessed: { usage }, next: { side: 'con' } },
      },
    ]);
    expect(state).toMatchObject({ phase: 'debating', side: 'con', tokens: 100 + 35 });
    expect(state).not.toHaveProperty('received');
  });

  test('is asked for once more when it argues for the other side, and its debater is told why', () => {
    const { events, effects } = after(...received)
      .when(arguesFor('assess/1/pro/1', 'con'))
      .decided();
    const objection = 'The turn argues for the other side: It says so.';
    expect(events).toMatchObject([
      {
        type: 'turn-rejected.v1',
        data: { round: 1, side: 'pro', reason: objection, next: { round: 1, side: 'pro', attempt: 2, objection } },
      },
    ]);
    expect(effects).toEqual([]);
  });

  test('is a flip when it does so again: recorded, not asked for a third time', () => {
    const again = turnReplied(1, 'pro', `${surrender} Truly.`, { attempt: 2 });
    const twice = after(...received, arguesFor('assess/1/pro/1', 'con'), again);
    const { events, state } = twice.when(arguesFor('assess/1/pro/2', 'con')).decided();
    expect(events).toMatchObject([
      { type: 'turn-recorded.v1', data: { flip: true, stance: { side: 'con' }, next: { side: 'con', attempt: 1 } } },
    ]);
    expect(JSON.stringify((events[0] as { data: { next: object } }).data.next)).not.toContain('objection');
    expect(state).toMatchObject({ phase: 'debating', round: 1, side: 'con' });
  });

  test('that was asked for once more is not answered by the first asking', () => {
    const rejected = after(...received, arguesFor('assess/1/pro/1', 'con'));
    rejected.when(turnReplied(1, 'pro')).refuses('OUT_OF_TURN');
    rejected.when(arguesFor('assess/1/pro/1', 'pro')).refuses('NOT_ASSESSING');
    rejected.when(turnReplied(1, 'pro', undefined, { attempt: 2 })).decided();
  });

  test.each<[string, EffectOutcome]>([
    [
      'fails',
      { type: 'effect.failed', effect: 'assess', key: 'assess/1/pro/1', code: 'MODEL_TIMEOUT', reason: 'slow' },
    ],
    ['ends unknown', { type: 'effect.outcome-unknown', effect: 'assess', key: 'assess/1/pro/1' }],
  ])('is taken as it came when the look at it %s', (_, outcome) => {
    const { events } = after(...received)
      .when(outcome)
      .decided();
    expect(events).toMatchObject([
      { type: 'turn-recorded.v1', data: { flip: false, assessed: { skipped: [{ check: 'stance' }] } } },
    ]);
  });

  test('stands when the budget leaves no room for another attempt', () => {
    const { events } = after(startDebate({ tokenBudget: 120 }), turnReplied(1, 'pro', surrender))
      .when(arguesFor('assess/1/pro/1', 'con'))
      .decided();
    expect(events).toMatchObject([
      { type: 'turn-recorded.v1', data: { flip: true } },
      { type: 'debate-stopped.v1', data: { stopReason: 'token_budget' } },
      { type: 'verdict-given.v1' },
      { type: 'debate-closed.v1' },
    ]);
  });

  test('is recorded by whatever ends the debate meanwhile, and answers of the look at it change nothing more', () => {
    const deadline: DebateInput = { type: 'effect.succeeded', effect: 'timer', key: 'deadline', result: null };
    for (const end of [{ type: 'cancel-debate.v1', data: {} } as const, deadline]) {
      const run = runDecider(debate, [...received, end, arguesFor('assess/1/pro/1', 'con')]);
      expect(typesOf(run.events).slice(1, 4)).toEqual(['turn-received.v1', 'turn-recorded.v1', 'debate-stopped.v1']);
      expect(run.refused).toEqual(['NOT_ASSESSING']);
      foldEquals(debate, run.events, run.state);
    }
  });

  test('keeps the state bounded: the words go with the record', () => {
    const long = turnReplied(1, 'pro', `${surrender} ${'x'.repeat(7_900)}`);
    const { state } = after(startDebate(), long).when(arguesFor('assess/1/pro/1', 'pro')).decided();
    expect(JSON.stringify(state).length).toBeLessThan(3_000);
  });
});

describe('a concession', () => {
  test('ends the debate with its round, before minRounds and without a look at what it argues for', () => {
    const conceded = stopOf([startDebate(), concedes(1, 'pro'), turnReplied(1, 'con')]);
    expect(conceded).toEqual({ stopReason: 'conceded', alsoTrue: [], rounds: 1 });
    const text = turnReplied(1, 'con', surrender, { concedes: true });
    expect(stopOf([startDebate(), turnReplied(1, 'pro'), text])).toMatchObject({ stopReason: 'conceded' });
  });

  test('is answered by the other side first', () => {
    expect(stopOf([startDebate(), concedes(1, 'pro')])).toBeUndefined();
  });

  test('of both sides is a consensus', () => {
    const both = stopOf([startDebate(), concedes(1, 'pro'), concedes(1, 'con')]);
    expect(both).toEqual({ stopReason: 'consensus', alsoTrue: [], rounds: 1 });
  });
});

test('both sides arguing for the same one in a round is a consensus, from minRounds on', () => {
  const flip = (round: number): DebateInput[] => [
    turnReplied(round, 'con', 'As Team A I say: tea.'),
    arguesFor(`assess/${round}/con/1`, 'pro'),
    turnReplied(round, 'con', `As Team A I say again: tea, ${round} times.`, { attempt: 2 }),
    arguesFor(`assess/${round}/con/2`, 'pro'),
  ];
  const first = [startDebate(), turnReplied(1, 'pro'), ...flip(1)];
  expect(stopOf(first)).toBeUndefined();
  expect(stopOf([...first, turnReplied(2, 'pro'), turnReplied(2, 'con')])).toBeUndefined();
  expect(stopOf([...first, turnReplied(2, 'pro'), ...flip(2)])).toMatchObject({ stopReason: 'consensus', rounds: 2 });
});

test('two rounds in which both sides are off topic end the debate; one side alone does not', () => {
  const checks = { topic: true };
  const off = (round: number, sides: readonly Side[]): DebateInput[] =>
    (['pro', 'con'] as const).flatMap((side) => [
      turnReplied(round, side),
      sides.includes(side)
        ? isOff(`assess/${round}/${side}/1`)
        : looksAt(`assess/${round}/${side}/1`, { isOnTopic: true }),
    ]);
  const both = ['pro', 'con'] as const;
  expect(stopOf([startDebate({ checks }), ...off(1, both), ...off(2, both)])).toMatchObject({
    stopReason: 'off_topic',
  });
  expect(stopOf([startDebate({ checks }), ...off(1, both), ...off(2, ['con']), ...off(3, both)])).toBeUndefined();
});

test('events from before there were checks are read as turns in which nothing stands out', () => {
  const old = runDecider(debate, [startDebate(), ...fullRounds(1)]).events.map((event) => {
    if (event.type !== 'turn-recorded.v1') return event;
    const { concedes: _, flip: __, ...data } = event.data;
    return { ...event, data } as DebateEvent;
  });
  const { state } = scenario(debate)
    .given(...old)
    .when(turnReplied(2, 'pro'))
    .decided();
  expect(state).toMatchObject({ phase: 'debating', round: 2, side: 'con' });
});

test('a debater whose tokens do not pay for a turn ends the debate on its budget', () => {
  const failed: DebateInput = {
    type: 'turn-failed.v1',
    data: { round: 2, side: 'pro', code: 'TOKEN_BUDGET_SPENT', reason: '40 tokens are left', attempts: 1 },
  };
  const judged: EffectOutcome = {
    type: 'effect.succeeded',
    effect: 'judge',
    key: 'judge/1',
    result: { verdict: proWins, usage } as never,
  };
  const run = runDecider(debate, [startDebate({ tokenBudget: 500 }), ...fullRounds(1), failed, judged]);
  expect(run.events.find(({ type }) => type === 'debate-stopped.v1')?.data).toMatchObject({
    stopReason: 'token_budget',
    rounds: 1,
    detail: 'pro in round 2: 40 tokens are left',
  });
  expect(run.state).toEqual({ phase: 'closed' });
});
