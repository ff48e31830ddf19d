import { expect, test } from '@jest/globals';
import type { Verdict } from '@parley/contracts/debate';
import { fullRounds, marks, proWins, runDecider, scenario, startDebate, turnReplied } from '@parley/testkit';
import { type DebateInput, debate } from './debate.ts';

const early = startDebate({ judgeEarly: true });
const usage = { inputTokens: 500, outputTokens: 60 };
const after = (...inputs: DebateInput[]) => scenario(debate).given(...runDecider(debate, inputs).events);
const asked = (...inputs: DebateInput[]) =>
  runDecider(debate, inputs)
    .effects.filter(({ effect }) => effect.type === 'judge')
    .map(({ key, effect }) => [key, effect.data]);
const answer = (round: number, verdict: Verdict): DebateInput => ({
  type: 'effect.succeeded',
  effect: 'judge',
  key: `poll/${round}`,
  result: { verdict, usage } as never,
});
const narrow = { ...proWins, scores: { pro: marks(8), con: marks(7) } } as Verdict;
const topic = early.data.topic;

test('the judge is asked after each whole round from minRounds on, and only where that is wanted', () => {
  expect(asked(startDebate(), ...fullRounds(3))).toEqual([]);
  expect(asked(early, ...fullRounds(1))).toEqual([]);
  const until = 3_600_000;
  expect(asked(early, ...fullRounds(3), turnReplied(4, 'pro'))).toEqual([
    ['poll/2', { topic, rounds: 2, until }],
    ['poll/3', { topic, rounds: 3, until }],
  ]);
});

test('a clear lead ends the debate with that verdict, and the turn that was asked for is withdrawn', () => {
  after(early, ...fullRounds(2))
    .when(answer(2, proWins))
    .then([
      {
        type: 'debate-stopped.v1',
        data: {
          stopReason: 'judge_decided_early',
          alsoTrue: [],
          rounds: 2,
          withdrawn: { round: 3, side: 'pro' },
        },
      },
      { type: 'verdict-given.v1', data: { verdict: proWins, usage, model: 'rehearsal' } },
      { type: 'debate-closed.v1', data: { status: 'closed', stopReason: 'judge_decided_early' } },
    ]);
});

test.each([
  ['a narrow lead', narrow],
  ['contested', { ...proWins, outcome: 'contested' } as Verdict],
  ['no verdict', { outcome: 'unavailable', reason: 'nobody answered' } as Verdict],
])('%s is told, and the debate goes on', (_name, verdict) => {
  const model = verdict.outcome === 'unavailable' ? {} : { model: verdict.model };
  after(early, ...fullRounds(2))
    .when(answer(2, verdict))
    .then([{ type: 'judge-polled.v1', data: { verdict, usage, ...model, round: 2 } }]);
});

test('an answer that another round has overtaken, a failure, and one after the end do nothing', () => {
  after(early, ...fullRounds(3))
    .when(answer(2, proWins))
    .refuses('POLL_OVERTAKEN');
  after(early, ...fullRounds(2))
    .when({ type: 'effect.failed', effect: 'judge', key: 'poll/2', code: 'MODEL_GARBAGE', reason: 'no JSON' })
    .refuses('POLL_FAILED');
  after(early, ...fullRounds(4))
    .when(answer(4, proWins))
    .refuses('NOT_RUNNING');
});

test('a pause does not keep a clear lead from ending the debate', () => {
  const found = runDecider(debate, [
    early,
    ...fullRounds(2),
    { type: 'pause-debate.v1', data: {} },
    answer(2, proWins),
  ]);
  expect(found.events.slice(-2).map(({ type }) => type)).toEqual(['verdict-given.v1', 'debate-closed.v1']);
});
