import { describe, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import type { ReplayRules } from '@parley/contracts/debate';
import type { EffectCall, StoredEvent } from '@parley/spine';
import { fullRounds, proWins, runDecider, startDebate, turnReplied } from '@parley/testkit';
import { type DebateInput, debate } from '../domain/debate.ts';
import type { ReplayAnswer } from '../domain/replay.ts';
import type { Case, Judges } from './judges.ts';
import { createReplay } from './replay.ts';

const usage = { inputTokens: 500, outputTokens: 60 };
const judged: DebateInput = {
  type: 'effect.succeeded',
  effect: 'judge',
  key: 'judge/1',
  result: { verdict: proWins, usage } as never,
};
const logOf = (...inputs: DebateInput[]): StoredEvent[] =>
  runDecider(debate, inputs).events.map((event, i) => ({ ...event, stream: 'debate', seq: i + 1 }) as never);
const whole = logOf(startDebate({ maxRounds: 3, judge: { panel: 3 } }), ...fullRounds(3), judged);
const halfRound = logOf(startDebate(), turnReplied(1, 'pro'), { type: 'cancel-debate.v1', data: {} });

async function replay(log: readonly StoredEvent[], rules: ReplayRules, answer: Judges) {
  const read: string[] = [];
  const asked: Case[] = [];
  const handler = createReplay(
    (one) => {
      asked.push(one);
      return answer(one);
    },
    {
      readStreams: async (streams) => {
        read.push(...streams);
        return [...log];
      },
      now: Date.now,
    },
  );
  const effect = { type: 'replay', data: { debate: 'debate', rules } };
  const { signal } = new AbortController();
  const call: EffectCall = { stream: 'replay', kind: 'replay', key: 'replay', effect, attempt: 1, signal };
  return { result: (await handler(call)) as unknown as ReplayAnswer, read, asked };
}
const fine: Judges = async () => ({ verdict: proWins, usage, votes: [], positionFlip: false });

test('the judges see the rounds up to where the rules stop it, and only the log of the debate is read', async () => {
  const { result, read, asked } = await replay(whole, { stop: { maxRounds: 2 } }, fine);
  expect(read).toEqual(['debate']);
  expect(asked[0]?.turns.map(({ round }) => round)).toEqual([1, 1, 2, 2]);
  expect(result).toMatchObject({ replay: { rounds: 2, verdict: proWins }, tokensSaved: 200, usage });
});

test.each<[string, ReplayRules, Case['setup']]>([
  ['the judges of the debate', {}, { panel: 3 }],
  ['those that the replay names', { judge: { model: 'big' } }, { model: 'big' }],
])('asks %s', async (_what, rules, setup) => {
  expect((await replay(whole, rules, fine)).asked[0]?.setup).toEqual(setup);
});

describe('without a verdict', () => {
  test('a judge that fails leaves the rest of the result', async () => {
    const { result } = await replay(whole, {}, () => Promise.reject(new ParleyError('MODEL_GARBAGE', 'no JSON')));
    expect(result).toMatchObject({
      original: { verdict: proWins },
      replay: { rounds: 3, verdict: { outcome: 'unavailable', reason: 'No judge gave an answer: no JSON' } },
    });
  });

  test('nobody is asked about a debate without a whole round', async () => {
    const { result, asked } = await replay(halfRound, {}, fine);
    expect(asked).toEqual([]);
    expect(result).toMatchObject({
      replay: { rounds: 0, stopReason: 'cancelled', verdict: { outcome: 'unavailable' } },
    });
  });

  test('one that is no longer wanted is not answered', async () => {
    const gone: Judges = () => Promise.reject(new ParleyError('CANCELLED', 'gone'));
    await expect(replay(whole, {}, gone)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('a log that is no finished debate is refused', async () => {
    expect((await replay([], {}, fine)).result).toEqual({ refusal: 'The moderator has no such debate.' });
  });
});
