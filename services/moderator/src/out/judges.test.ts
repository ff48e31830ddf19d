import { describe, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import type { ChatCall, ChatResult, ModelClient } from '@parley/model';
import { marks } from '@parley/testkit';
import { createJudges } from './judges.ts';

const turns = (['pro', 'con'] as const).map((side) => ({ round: 1, side, text: `${side} says something.` }));
const ruling = (winner: 'X' | 'Y' | 'contested') =>
  JSON.stringify({
    winner,
    scores: { X: marks(winner === 'X' ? 8 : 6), Y: marks(winner === 'Y' ? 8 : 6) },
    reason: 'So it is.',
  });

/** A client that answers as told, and remembers what it was asked. */
function clientOf(answer: (call: ChatCall) => string | Error) {
  const calls: ChatCall[] = [];
  const client = {
    async chat(call: ChatCall): Promise<ChatResult> {
      calls.push(call);
      const text = answer(call);
      if (text instanceof Error) throw text;
      const counts = { inputTokens: 100, outputTokens: 10, firstTokenMs: 0, totalMs: 0 };
      return { text, model: call.models[0] ?? '', provider: 'ollama', finishReason: 'stop', ...counts };
    },
  } as unknown as ModelClient;
  return { client, calls };
}
const asked = (panel?: 1 | 3, model?: string) => ({
  topic: 'Tea',
  turns,
  setup: { ...(panel === undefined ? {} : { panel }), ...(model === undefined ? {} : { model }) },
  id: 'debate',
  signal: new AbortController().signal,
});
const isProFirst = (call: ChatCall): boolean => call.purpose.labels?.X === 'pro';
const judgesOf = (model: ModelClient, models = ['a']) =>
  createJudges({ model, models, contextTokens: 8_192, maxTokens: 600, budgetMs: 10_000 });
const broken = new ParleyError('MODEL_UNREACHABLE', 'nobody there');

describe('one judge', () => {
  test('is asked twice, in either order and under different marks, and what both cost counts', async () => {
    const { client, calls } = clientOf((call) => ruling(isProFirst(call) ? 'X' : 'Y'));
    const judgement = await judgesOf(client)(asked());
    expect(judgement).toMatchObject({ verdict: { outcome: 'pro' }, usage: { inputTokens: 200, outputTokens: 20 } });
    expect(judgement.votes?.map(({ order }) => order)).toEqual(['pro-first', 'con-first']);
    const marksOf = (call: ChatCall) => /<<(.+?)>>/.exec(call.messages[0]?.content ?? '')?.[1];
    expect(calls.map(marksOf)[0]).not.toBe(calls.map(marksOf)[1]);
    const first = (call: ChatCall) =>
      /^([XY]), round 1:\n.*\n(\w+) says/m.exec(call.messages[1]?.content ?? '')?.slice(1);
    expect(calls.map(first)).toEqual([
      ['X', 'pro'],
      ['X', 'con'],
    ]);
    for (const { messages } of calls) expect(JSON.stringify(messages)).not.toMatch(/Team|debate"/);
  });

  test('that writes careless JSON, calls a tie a tie and reasons at length is understood at once', async () => {
    const careless = (json: string) => json.replace('So it is.', 'So it is. '.repeat(100)).replaceAll('}', ',}');
    const { client, calls } = clientOf(() => careless(ruling('contested').replace('"contested"', '"A tie."')));
    const { verdict, votes } = await judgesOf(client)(asked());
    expect(verdict).toMatchObject({ outcome: 'contested' });
    expect(calls).toHaveLength(2);
    for (const { reason } of votes ?? []) expect(reason.length).toBeLessThanOrEqual(600);
  });

  test('that answers garbage is asked again', async () => {
    let bad = 1;
    const { client, calls } = clientOf((call) => (bad-- > 0 ? 'I cannot say.' : ruling(isProFirst(call) ? 'X' : 'Y')));
    expect((await judgesOf(client)(asked())).verdict.outcome).toBe('pro');
    expect(calls).toHaveLength(3);
  });

  test('that answers in one order only has no vote: the judging failed', async () => {
    const { client } = clientOf((call) => (isProFirst(call) ? ruling('X') : broken));
    await expect(judgesOf(client)(asked())).rejects.toMatchObject({ code: 'MODEL_UNREACHABLE' });
  });
});

describe('a panel', () => {
  test('has judges of different models, seeds and temperatures, none of whom sees a vote', async () => {
    const { client, calls } = clientOf((call) => ruling(isProFirst(call) ? 'X' : 'Y'));
    const { verdict, votes } = await judgesOf(client, ['a', 'b'])(asked(3));
    expect(verdict).toMatchObject({ outcome: 'pro', model: 'a, b' });
    expect(votes?.map(({ judge }) => judge)).toEqual(['a', 'a', 'b', 'b', 'a', 'a']);
    expect(new Set(calls.map(({ seed }) => seed)).size).toBe(3);
    expect(new Set(calls.map(({ temperature }) => temperature)).size).toBe(3);
    const withoutMarks = calls.map(({ messages }) => JSON.stringify(messages).replace(/<<.+?>>/g, ''));
    expect(new Set(withoutMarks).size).toBe(2);
  });

  test('uses the model that was asked for, and no other', async () => {
    const { client, calls } = clientOf(() => ruling('contested'));
    await judgesOf(client, ['a', 'b'])(asked(3, 'big'));
    expect(new Set(calls.flatMap(({ models }) => models))).toEqual(new Set(['big']));
  });

  test('goes on without a judge that failed', async () => {
    const { client } = clientOf((call) => (call.seed === 2 ? broken : ruling(isProFirst(call) ? 'Y' : 'X')));
    const { verdict, votes, usage } = await judgesOf(client)(asked(3));
    expect(verdict.outcome).toBe('con');
    expect(votes).toHaveLength(4);
    expect(usage.inputTokens).toBe(400);
  });

  test('in which everybody failed says why', async () => {
    const { client } = clientOf(() => broken);
    await expect(judgesOf(client)(asked(3))).rejects.toMatchObject({ message: 'nobody there' });
  });

  test('shares what is left of the time, so that no judge can take that of the others', async () => {
    const { client, calls } = clientOf((call) => ruling(isProFirst(call) ? 'X' : 'Y'));
    await judgesOf(client)({ ...asked(3), leftMs: 3_000 });
    expect(calls.map(({ budgetMs }) => Math.round(budgetMs / 100))).toEqual([10, 10, 15, 15, 30, 30]);
  });

  test('in which somebody is away is asked again later, also when others refused for good', async () => {
    const away = new ParleyError('MODEL_OVERLOADED', 'Later.', { retryable: true });
    const { client } = clientOf((call) => (call.seed === 2 ? away : broken));
    await expect(judgesOf(client)(asked(3))).rejects.toBe(away);
  });

  test('stops at once when its answer is no longer wanted', async () => {
    const { client, calls } = clientOf(() => new ParleyError('CANCELLED', 'gone'));
    await expect(judgesOf(client)(asked(3))).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(calls).toHaveLength(2);
  });
});
