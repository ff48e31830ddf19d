import { expect, test } from '@jest/globals';
import { foldEquals, runDecider, scenario } from '@parley/testkit';
import { type AccuracyInput, type CheckAnswer, createAccuracy, tokensReserved } from './accuracy.ts';

const debate = '0193e5a0-7c1e-7d3a-9f00-00000000000a';
const endsAt = 90_000_000;
const accuracy = createAccuracy(3 * tokensReserved);
const sample = (round: number): AccuracyInput => ({
  type: 'sample',
  data: { debate, turn: { round, side: 'pro' }, endsAt },
});
const verdict: AccuracyInput = { type: 'sample', data: { debate, endsAt } };
const answer: CheckAnswer = {
  results: [{ check: 'side', isGood: true, reason: 'it praises tea' }],
  model: 'm',
  usage: { inputTokens: 900, outputTokens: 100 },
};
const of = (key: string) => ({ effect: 'check', key: `${debate}/${key}` });
const checked = (key: string): AccuracyInput => ({ type: 'effect.succeeded', ...of(key), result: answer as never });
const failed = (key: string): AccuracyInput => ({
  type: 'effect.failed',
  ...of(key),
  code: 'MODEL_UNREACHABLE',
  reason: 'nobody there',
});
const dayOver: AccuracyInput = { type: 'effect.succeeded', effect: 'timer', key: 'day-over', result: null };
const after = (...inputs: AccuracyInput[]) => scenario(accuracy).given(...runDecider(accuracy, inputs).events);

test('a sample is looked at once, and the day has an end', () => {
  const turn = { round: 2, side: 'pro' as const };
  scenario(accuracy)
    .when(sample(2))
    .then(
      [{ type: 'check-asked', data: { debate, turn } }],
      [
        { key: `${debate}/2/pro`, effect: { type: 'check', data: { debate, turn } }, isIdempotent: true },
        { key: 'day-over', effect: { type: 'timer', data: { name: 'day-over' } }, isIdempotent: true, dueAt: endsAt },
      ],
    );
});

test('what was found is told with its tokens, whose turn it was, and nothing of who looked', () => {
  const turn = { round: 1, side: 'pro' as const };
  after(sample(1))
    .when(checked('1/pro'))
    .then([{ type: 'accuracy-checked.v1', data: { agent: 'sampler', debate, turn, ...answer } }]);
  after(verdict)
    .when(checked('verdict'))
    .then([{ type: 'accuracy-checked.v1', data: { agent: 'sampler', debate, ...answer } }]);
});

test('a look that failed says nothing about what it was to look at', () => {
  const turn = { round: 1, side: 'pro' as const };
  after(sample(1))
    .when(failed('1/pro'))
    .then([
      { type: 'accuracy-checked.v1', data: { agent: 'sampler', debate, turn, results: [], skipped: 'nobody there' } },
    ]);
});

test('what is open counts as used, and what was not needed is free again', () => {
  const three = [sample(1), sample(2), sample(3)];
  after(...three)
    .when(sample(4))
    .refuses('SAMPLE_BUDGET_SPENT');
  after(...three, failed('1/pro'))
    .when(sample(4))
    .decided();
  after(...three, checked('1/pro'))
    .when(sample(4))
    .refuses('SAMPLE_BUDGET_SPENT');
});

test('without a budget nothing is looked at', () => {
  scenario(createAccuracy(0)).when(sample(1)).refuses('SAMPLE_BUDGET_SPENT');
});

test('a day that is over takes nothing, and its stream is finished', () => {
  after(sample(1), dayOver).when(sample(2)).refuses('DAY_OVER');
  after(sample(1), dayOver).when(checked('1/pro')).refuses('DAY_OVER');
  expect(accuracy.isFinished(runDecider(accuracy, [sample(1), dayOver]).state)).toBe(true);
});

test('its state is the fold of its events', () => {
  const { events, state } = runDecider(accuracy, [sample(1), sample(2), checked('1/pro'), failed('2/pro')]);
  foldEquals(accuracy, events, state);
});
