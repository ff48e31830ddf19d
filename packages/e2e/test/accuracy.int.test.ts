import { afterEach, expect, test } from '@jest/globals';
import { upEnv } from '@parley/cli/config.ts';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import type { DebateView } from '@parley/contracts/debate';
import type { UsageView } from '@parley/contracts/http';
import { type ChatRequest, createRehearsalModel, discoverModel, type Model } from '@parley/model';
import { type Env, readEnv, silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { marks, until } from '@parley/testkit';
import { createApi } from '../src/api.ts';

const running: Embedded[] = [];
afterEach(async () => {
  for (const parley of running.splice(0)) await parley.stop();
});

interface Wishes {
  /** What the examiner finds, of every turn. */
  readonly stance: 'for' | 'against';
  /** Who wins by the n-th vote, counted from 0: two votes are a judgement. */
  winner(vote: number): 'pro' | 'con';
}

/** Speeches of the rehearsal model, examined and judged as told. */
function scripted({ stance, winner }: Wishes): Model {
  const rehearsal = createRehearsalModel();
  let votes = 0;
  const answer = ({ kind, labels }: ChatRequest['purpose']): object | undefined => {
    if (kind === 'assess')
      return { stance, stanceReason: 'as told', isOnTopic: true, claims: [], isNew: true, newReason: 'as told' };
    if (kind !== 'judge') return undefined;
    const named = labels?.X === winner(votes++) ? 'X' : 'Y';
    const scores = { X: marks(named === 'X' ? 8 : 5), Y: marks(named === 'Y' ? 8 : 5) };
    return { winner: named, scores, reason: 'As told.' };
  };
  return {
    ...rehearsal,
    provider: 'ollama',
    async chat(request) {
      const told = answer(request.purpose);
      if (told === undefined) return rehearsal.chat({ ...request, model: 'rehearsal' });
      const counts = { inputTokens: 100, outputTokens: 20, firstTokenMs: 0, totalMs: 0 };
      return { text: JSON.stringify(told), model: request.model, provider: 'ollama', finishReason: 'stop', ...counts };
    },
  };
}

async function parleyWith(wishes: Wishes, settings: Env = {}) {
  const db = await openEmbedded({});
  const found = await discoverModel({ env: {}, model: 'rehearsal' });
  const models = { ...found.models, ollama: scripted(wishes) };
  const discovery = { ...found, models, defaultModel: 'ollama/scripted' };
  const parley = await createEmbedded({
    db,
    discovery,
    logger: silentLogger,
    port: 0,
    host: '127.0.0.1',
    env: readEnv(upEnv, settings),
  });
  running.push(parley);
  const api = createApi(parley.url);
  async function checks(): Promise<Record<string, number>> {
    const text = await (await fetch(`${parley.url}/metrics`)).text();
    const lines = text.matchAll(/^parley_accuracy_checks_total\{check="(\w+)",result="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...lines].map(([, check, result, n]) => [`${check} ${result}`, Number(n)]));
  }
  return { api, checks, debate: async () => api.untilClosed(await api.start({ topic: 'Tea', maxRounds: 2 }), 120_000) };
}

const everything = { PARLEY_ACCURACY_SAMPLE_RATIO: '1', PARLEY_ACCURACY_TOKENS_PER_DAY: '1000000' };
const sum = (all: Record<string, number>) => Object.values(all).reduce((a, b) => a + b, 0);
const told = ({ turns, verdict, votes, usage, lastSequence }: DebateView) => ({
  turns,
  verdict,
  votes,
  usage,
  lastSequence,
});

test('What is over is looked at again: nothing of the debate changes, and the tokens are the sampler’s.', async () => {
  const { api, checks, debate } = await parleyWith({ stance: 'for', winner: () => 'pro' }, everything);
  const before = await debate();
  await until('4 turns and a verdict are looked at', async () => sum(await checks()) === 9, 120_000);
  expect(await checks()).toEqual({
    'valid good': 4,
    'valid bad': 0,
    'side good': 2,
    'side bad': 2,
    'verdict good': 1,
    'verdict bad': 0,
  });
  const sampler = async () =>
    (await api.json<UsageView>('/v1/usage?groupBy=agent')).body.groups.find(({ key }) => key === 'sampler');
  await until('all is counted', async () => (await sampler())?.calls === 5, 120_000);
  expect(await sampler()).toMatchObject({ inputTokens: 600, outputTokens: 120 });
  expect(told(await api.debate(before.id))).toEqual(told(before));
  expect((await api.json<{ debates: unknown[] }>('/v1/debates')).body.debates).toHaveLength(1);
}, 240_000);

test('Negative control: a judge that changes its mind is unstable.', async () => {
  const { checks, debate } = await parleyWith({ stance: 'for', winner: (n) => (n < 2 ? 'pro' : 'con') }, everything);
  expect(await debate()).toMatchObject({ verdict: { outcome: 'pro' } });
  await until('the verdict is looked at', async () => sum(await checks()) === 9, 120_000);
  expect(await checks()).toMatchObject({ 'verdict good': 0, 'verdict bad': 1 });
}, 240_000);

test('A sample whose tokens are spent looks at nothing more; without a sample nothing is looked at.', async () => {
  const few = await parleyWith(
    { stance: 'for', winner: () => 'pro' },
    { ...everything, PARLEY_ACCURACY_TOKENS_PER_DAY: '3000' },
  );
  await few.debate();
  await until('something is looked at', async () => sum(await few.checks()) > 0, 120_000);
  const none = await parleyWith({ stance: 'for', winner: () => 'pro' });
  await none.debate();
  expect(sum(await none.checks())).toBe(0);
  expect(sum(await few.checks())).toBeLessThan(9);
}, 240_000);
