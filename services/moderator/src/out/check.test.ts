import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import type { ChatCall, ChatResult, ModelClient } from '@parley/model';
import type { EffectCall, StoredEvent } from '@parley/spine';
import { gate, marks, proWins } from '@parley/testkit';
import type { CheckAnswer, Sample } from '../domain/accuracy.ts';
import { createCheck } from './check.ts';
import { createJudges } from './judges.ts';

const said = {
  pro: 'Tea calms the nerves of everybody who drinks it.',
  con: 'Coffee wakes whole cities in the morning.',
};
/** What was planted: con argues for tea. */
const planted = 'I support the motion: tea is better in every way.';
const logOf = (con: string): StoredEvent[] =>
  [
    { type: 'debate-started.v1', data: { topic: 'Tea is better than coffee' } },
    { type: 'turn-recorded.v1', data: { round: 1, side: 'pro', text: said.pro, concedes: false } },
    { type: 'turn-recorded.v1', data: { round: 1, side: 'con', text: con, concedes: false } },
    { type: 'debate-stopped.v1', data: { rounds: 1 } },
    { type: 'verdict-given.v1', data: { verdict: proWins } },
  ].map((event, i) => ({ ...event, stream: 'd', seq: i + 1 })) as unknown as StoredEvent[];

const examined = (stance: 'for' | 'against', isOnTopic = true) =>
  JSON.stringify({ stance, stanceReason: 'so it says', isOnTopic, claims: [], isNew: true, newReason: 'all' });
const ruling = (winner: 'X' | 'Y') =>
  JSON.stringify({
    winner,
    scores: { X: marks(winner === 'X' ? 8 : 5), Y: marks(winner === 'Y' ? 8 : 5) },
    reason: 'So.',
  });

/** An examiner that goes by words about tea, and a judge that names `winner`, whatever it is called. */
function clientOf(winner: 'pro' | 'con' = 'pro') {
  const calls: ChatCall[] = [];
  const client = {
    async chat(call: ChatCall): Promise<ChatResult> {
      calls.push(call);
      const { kind, labels } = call.purpose;
      const shown = call.messages.at(-1)?.content.split('The turn to examine:').at(-1) ?? '';
      const text =
        kind === 'judge' ? ruling(labels?.X === winner ? 'X' : 'Y') : examined(/tea/i.test(shown) ? 'for' : 'against');
      const counts = { inputTokens: 100, outputTokens: 10, firstTokenMs: 0, totalMs: 0 };
      return { text, model: call.models[0] ?? '', provider: 'ollama', finishReason: 'stop', ...counts };
    },
  } as unknown as ModelClient;
  return { client, calls };
}

function checkOver(model: ModelClient, log = logOf(said.con)) {
  const limits = { contextTokens: 8_192, maxTokens: 600, budgetMs: 10_000 };
  const judges = createJudges({ model, models: ['a', 'b'], ...limits });
  const handler = createCheck({ model, models: ['a', 'b'], ...limits, judges, readStreams: async () => log });
  return (data: Omit<Sample, 'debate'>, signal = new AbortController().signal) => {
    const effect = { type: 'check', data: { debate: 'd', ...data } };
    const call: EffectCall = { stream: 's', kind: 'accuracy', key: 'k', effect, attempt: 1, signal };
    return handler(call) as unknown as Promise<CheckAnswer>;
  };
}
const con = { turn: { round: 1, side: 'con' } } as const;
const goodness = ({ results }: CheckAnswer) => results.map(({ check, isGood }) => [check, isGood]);

test('a turn on its side is good; the look is one call in the background, and says what it cost', async () => {
  const { client, calls } = clientOf();
  const answer = await checkOver(client)(con);
  expect(goodness(answer)).toEqual([
    ['valid', true],
    ['side', true],
  ]);
  expect(answer).toMatchObject({ model: 'a', usage: { inputTokens: 100, outputTokens: 10 } });
  expect(calls.map(({ isBackground }) => isBackground)).toEqual([true]);
});

test('negative control: a planted turn for the other side is bad', async () => {
  expect(goodness(await checkOver(clientOf().client, logOf(planted))(con))).toEqual([
    ['valid', true],
    ['side', false],
  ]);
});

test('a winner that a second judge names, in the other order and with another model, stands', async () => {
  const { client, calls } = clientOf('pro');
  const answer = await checkOver(client)({});
  expect(goodness(answer)).toEqual([['verdict', true]]);
  expect(answer).toMatchObject({ model: 'b', usage: { inputTokens: 200, outputTokens: 20 } });
  expect(calls.map(({ purpose }) => purpose.labels?.X)).toEqual(['con', 'pro']);
  expect(calls.map(({ isBackground, models }) => [isBackground, models])).toEqual([
    [true, ['b', 'a']],
    [true, ['b', 'a']],
  ]);
});

test('negative control: a winner that the second judge does not name is bad', async () => {
  expect(goodness(await checkOver(clientOf('con').client)({}))).toEqual([['verdict', false]]);
});

test('a model that gives no answer says nothing about the turn', async () => {
  const client = { chat: () => Promise.reject(new ParleyError('MODEL_UNREACHABLE', 'nobody there')) };
  await expect(checkOver(client as unknown as ModelClient)(con)).rejects.toMatchObject({ message: 'nobody there' });
  await expect(checkOver(client as unknown as ModelClient)({})).rejects.toMatchObject({ message: 'nobody there' });
});

test('what is not in the log is not looked at', async () => {
  const { client, calls } = clientOf();
  await expect(checkOver(client, [])(con)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(checkOver(client, [])({})).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(calls).toEqual([]);
});

test('one look at a time; one that failed keeps nobody from the next, and one given up asks nobody', async () => {
  const { client, calls } = clientOf();
  const held = gate();
  let open = 0;
  let most = 0;
  const slow = {
    async chat(call: ChatCall) {
      most = Math.max(most, ++open);
      await held.passed;
      open -= 1;
      if (calls.length === 0) {
        calls.push(call);
        throw new ParleyError('MODEL_REFUSED', 'not today');
      }
      return client.chat(call);
    },
  } as unknown as ModelClient;
  const check = checkOver(slow);
  const leaving = new AbortController();
  const all = [check(con), check(con), check(con, leaving.signal)].map((one) => one.then(goodness, () => 'failed'));
  leaving.abort();
  held.open();
  const good = [
    ['valid', true],
    ['side', true],
  ];
  expect(await Promise.all(all)).toEqual(['failed', good, 'failed']);
  expect([most, calls.length]).toEqual([1, 2]);
});
