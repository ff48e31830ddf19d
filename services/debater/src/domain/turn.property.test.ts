import { expect, test } from '@jest/globals';
import { type Floor, turnFailedV1, turnRepliedV1 } from '@parley/contracts/debate';
import { foldEquals, runInterleaved, type World } from '@parley/testkit';
import fc from 'fast-check';
import { maxRetryCount, type ThinkEffect, type TurnEvent, type TurnInput, turn } from './turn.ts';

const floor: Floor = {
  round: 1,
  side: 'pro',
  topic: 'Tea is better than coffee',
  maxRounds: 8,
  deadlineAt: 2_000,
  attempt: 1,
};
const give: TurnInput = { type: 'give-floor', data: { floor, opponentText: null } };
const usage = { inputTokens: 200, outputTokens: 30 };

type Answer = { readonly text: string } | { readonly code: string } | 'unknown';

/** A model that answers attempt 1 with the first answer and so on, then over again. */
function answering(answers: readonly Answer[]): World<TurnInput, TurnEvent, ThinkEffect> {
  return {
    toEvent: () => [],
    toEffect({ key, effect }) {
      const answer = answers[(effect.data.attempt - 1) % answers.length] as Answer;
      const about = { effect: 'think', key };
      if (answer === 'unknown') return [{ type: 'effect.outcome-unknown', ...about }];
      if ('code' in answer) return [{ type: 'effect.failed', ...about, code: answer.code, reason: 'it failed' }];
      const result = { text: answer.text, model: 'm', isRehearsal: false, usage };
      return [{ type: 'effect.succeeded', ...about, result }];
    },
  };
}

/** What is wrong with a log, undefined for one that is right. */
function faultOf(events: readonly TurnEvent[], floors: number): string | undefined {
  const count = (type: TurnEvent['type']) => events.filter((event) => event.type === type).length;
  const last = events.at(-1);
  const ends = count('turn-replied.v1') + count('turn-failed.v1') + count('floor-withdrawn');
  if (ends !== 1) return `it ends ${ends} times`;
  if (last?.type === 'floor-given' || last?.type === 'attempt-failed') return 'a fact after the end';
  if (count('floor-given') > floors || (count('floor-given') === 1 && events[0]?.type !== 'floor-given')) {
    return 'the floor was not given first, once';
  }
  const failed = count('attempt-failed');
  if (failed > maxRetryCount + 1) return `${failed} attempts failed`;
  if (last?.type === 'turn-replied.v1') {
    if (!turnRepliedV1.data.safeParse(last.data).success) return 'the reply breaks its contract';
    if (last.data.attempts !== failed + 1) return `attempt ${last.data.attempts} after ${failed} that failed`;
    const spent = events.reduce(
      (sum, one) => sum + (one.type === 'attempt-failed' ? one.data.usage.inputTokens : 0),
      0,
    );
    if (last.data.usage.inputTokens !== spent + usage.inputTokens) return 'tokens are lost';
  }
  if (last?.type === 'turn-failed.v1') {
    if (!turnFailedV1.data.safeParse(last.data).success) return 'the failure breaks its contract';
    if (last.data.attempts !== failed) return `${last.data.attempts} attempts, but ${failed} failed`;
  }
  return undefined;
}

const answer = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => ({ text })),
  fc.constant({ text: 'Tea calms the nerves of everybody.' }),
  fc.constantFrom('MODEL_TIMEOUT', 'MODEL_STALLED', 'MODEL_NOT_FOUND').map((code) => ({ code })),
  fc.constant('unknown' as const),
);

test('whatever the model answers and whatever arrives twice, late or out of order, the turn ends once', () => {
  const answers = fc.array(answer, { minLength: 1, maxLength: 5 });
  const withdrawals = fc.constantFrom<TurnInput[]>([], [], [{ type: 'withdraw-floor' }]);
  const choices = fc.array(fc.nat(1000), { maxLength: 16 });
  const endings = new Set<string>();
  fc.assert(
    fc.property(answers, withdrawals, choices, (model, withdrawal, order) => {
      const run = runInterleaved(turn, [give, give, ...withdrawal], answering(model), order);
      expect(faultOf(run.events, 1)).toBeUndefined();
      foldEquals(turn, run.events, run.state);
      expect(run.effects.length).toBeLessThanOrEqual(maxRetryCount + 1);
      endings.add(run.events.at(-1)?.type as string);
    }),
    { numRuns: 1000 },
  );
  expect([...endings].sort()).toEqual(['floor-withdrawn', 'turn-failed.v1', 'turn-replied.v1']);
});
