import { describe, expect, test } from '@jest/globals';
import type { Floor, Side } from '@parley/contracts/debate';
import {
  freshText,
  fullRounds,
  proWins,
  runDecider,
  scenario,
  startDebate,
  turnFailed,
  turnReplied,
} from '@parley/testkit';
import { type DebateInput, debate } from './debate.ts';

const after = (...inputs: DebateInput[]) => scenario(debate).given(...runDecider(debate, inputs).events);
const judged: DebateInput = {
  type: 'effect.succeeded',
  effect: 'judge',
  key: 'judge/1',
  result: { verdict: proWins, usage: { inputTokens: 500, outputTokens: 60 } } as never,
};
const floor = (round: number, side: Side, more: Partial<Floor> = {}): Floor => ({
  round,
  side,
  topic: 'Tea is better than coffee',
  maxRounds: 4,
  profile: {},
  deadlineAt: 3_600_000,
  attempt: 1,
  ...more,
});

describe('starting', () => {
  test('gives pro the floor of round 1 and sets the timer of the deadline', () => {
    const { deadlineSeconds, ...asked } = startDebate().data;
    const at = 1_000_000;
    const deadlineAt = at + deadlineSeconds * 1000;
    const verdictBy = deadlineAt + 300_000;
    scenario(debate)
      .when(startDebate(), at)
      .then(
        [
          {
            type: 'debate-started.v1',
            data: { ...asked, deadlineAt, verdictBy, next: floor(1, 'pro', { deadlineAt }) },
          },
        ],
        [
          {
            key: 'deadline',
            effect: { type: 'timer', data: { name: 'deadline' } },
            isIdempotent: true,
            dueAt: deadlineAt,
          },
        ],
      );
  });

  test('happens once', () => {
    after(startDebate()).when(startDebate()).refuses('ALREADY_STARTED');
    after(startDebate(), { type: 'cancel-debate.v1', data: {} }).when(startDebate()).refuses('ALREADY_STARTED');
  });

  test('hands each side its own profile and the tokens that are left', () => {
    const sides = { pro: { persona: 'a tea grower' }, con: { model: 'qwen3:4b' } };
    const start = startDebate({ sides, tokenBudget: 1000 });
    const first = scenario(debate).when(start).decided().events[0];
    expect(first?.data).toMatchObject({ next: { profile: sides.pro, tokensLeft: 1000 } });
    const second = after(start).when(turnReplied(1, 'pro')).decided().events[0];
    expect(second?.data).toMatchObject({ next: { profile: sides.con, tokensLeft: 900 } });
  });

  test('nothing else can be done with a debate that was not started', () => {
    scenario(debate).when(turnReplied(1, 'pro')).refuses('OUT_OF_TURN');
    scenario(debate).when(turnFailed(1, 'pro')).refuses('OUT_OF_TURN');
    scenario(debate).when({ type: 'cancel-debate.v1', data: {} }).refuses('NOT_RUNNING');
    scenario(debate).when(judged).refuses('NOT_JUDGING');
  });
});

describe('turns', () => {
  test('alternate: con answers pro, pro opens the next round', () => {
    const byPro = after(startDebate()).when(turnReplied(1, 'pro', 'Tea calms the nerves of those who drink it.'));
    byPro.then([
      {
        type: 'turn-recorded.v1',
        data: {
          round: 1,
          side: 'pro',
          text: 'Tea calms the nerves of those who drink it.',
          model: 'rehearsal',
          isRehearsal: true,
          usage: { inputTokens: 90, outputTokens: 10 },
          novelty: { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' },
          concedes: false,
          flip: false,
          next: floor(1, 'con'),
        },
      },
    ]);
    const byCon = after(startDebate(), turnReplied(1, 'pro')).when(turnReplied(1, 'con')).decided();
    expect(byCon.events.map((event) => event.data)).toEqual([expect.objectContaining({ next: floor(2, 'pro') })]);
  });

  test('are refused out of turn: of the other side, of a later round, of an earlier one, twice', () => {
    const atRound2 = after(startDebate(), ...fullRounds(1));
    for (const [round, side] of [
      [2, 'con'],
      [3, 'pro'],
      [1, 'pro'],
      [1, 'con'],
    ] as const) {
      atRound2.when(turnReplied(round, side)).refuses('OUT_OF_TURN');
      atRound2.when(turnFailed(round, side)).refuses('OUT_OF_TURN');
    }
    after(startDebate(), turnReplied(1, 'pro')).when(turnReplied(1, 'pro')).refuses('OUT_OF_TURN');
  });

  test('are refused once the floor is closed', () => {
    const judging = after(startDebate({ maxRounds: 1 }), ...fullRounds(1));
    judging.when(turnReplied(2, 'pro')).refuses('OUT_OF_TURN');
    judging.when(turnFailed(1, 'con')).refuses('OUT_OF_TURN');
    after(startDebate({ maxRounds: 1 }), ...fullRounds(1), judged)
      .when(turnReplied(1, 'con'))
      .refuses('OUT_OF_TURN');
  });

  test('of the last round end with the judge', () => {
    const { events, effects } = after(startDebate({ maxRounds: 2 }), ...fullRounds(1), turnReplied(2, 'pro'))
      .when(turnReplied(2, 'con'))
      .decided();
    expect(events).toMatchObject([
      { type: 'turn-recorded.v1', data: { round: 2, side: 'con', next: null } },
      { type: 'debate-stopped.v1', data: { stopReason: 'max_rounds', alsoTrue: [], rounds: 2 } },
    ]);
    const topic = 'Tea is better than coffee';
    const until = 3_900_000;
    expect(effects).toEqual([
      { key: 'judge/1', effect: { type: 'judge', data: { topic, until } }, isIdempotent: true },
      { key: 'verdict', effect: { type: 'timer', data: { name: 'verdict' } }, isIdempotent: true, dueAt: until },
    ]);
  });
});

describe('the state', () => {
  test('is bounded: as large in round 32 as in round 3, however much was said', () => {
    const persona = freshText('persona', 500);
    const sides = { pro: { persona }, con: { persona } };
    const start = startDebate({ topic: '茶'.repeat(500), maxRounds: 32, sides, tokenBudget: 10_000_000 });
    const turns = fullRounds(32).map(({ data }) => turnReplied(data.round, data.side, freshText(data.text, 8000)));
    const { events } = runDecider(debate, [start, ...turns]);
    let state = debate.initial();
    const bytes = new Map<number, number>();
    for (const event of events) {
      state = debate.evolve(state, event);
      if (state.phase === 'debating') bytes.set(state.round, Buffer.byteLength(JSON.stringify(state)));
    }
    expect(Math.max(...bytes.values())).toBeLessThan(12_000);
    expect(Math.abs((bytes.get(32) as number) / (bytes.get(3) as number) - 1)).toBeLessThan(0.05);
  });

  test('ignores facts that this build does not know', () => {
    const { state } = runDecider(debate, [startDebate()]);
    expect(debate.evolve(state, { type: 'debate-paused.v7', data: {} } as never)).toEqual(state);
  });
});

test('a debater that ran out of the debate’s time has not failed: the deadline is the reason, whoever notices first', () => {
  const failed = turnFailed(2, 'pro');
  const late: DebateInput = { ...failed, data: { ...failed.data, code: 'DEADLINE_PASSED' } };
  const { events } = after(startDebate(), ...fullRounds(1))
    .when(late, 0)
    .decided();
  expect(events[0]).toMatchObject({ type: 'debate-stopped.v1', data: { stopReason: 'deadline', rounds: 1 } });
});

test('the evidence that a turn cites is recorded with it, and nothing where it cites none', () => {
  const citations = [{ id: 'E1', isKnown: true, quoteFound: false }];
  const cites = after(startDebate())
    .when(turnReplied(1, 'pro', undefined, { citations }))
    .decided().events[0];
  expect(cites).toMatchObject({ type: 'turn-recorded.v1', data: { citations } });
  expect(after(startDebate()).when(turnReplied(1, 'pro')).decided().events[0]?.data).not.toHaveProperty('citations');
});
