import { describe, expect, test } from '@jest/globals';
import { createMemoryBus } from '@parley/bus';
import { type Json, ParleyError } from '@parley/contracts';
import type { Floor } from '@parley/contracts/debate';
import { type ChatRequest, createModelClient, createRehearsalModel, type Model } from '@parley/model';
import { type MeasuredPrompt, silentLogger } from '@parley/runtime';
import type { StoredEvent } from '@parley/spine';
import type { Thought } from '../domain/turn.ts';
import { createThink } from './think.ts';

const said = 'Tea calms the nerves of everybody who drinks it in the morning. ';
const floor: Floor = {
  round: 5,
  side: 'con',
  topic: 'Tea is better than coffee',
  maxRounds: 8,
  deadlineAt: Date.now() + 60_000,
  attempt: 1,
};

const refuse = (): never => {
  throw new ParleyError('MODEL_REFUSED', 'no');
};

/** A debater of five rounds, each turn `characters` long, whose model answers as `answer` says. */
async function think(options: {
  answer?: (request: ChatRequest) => string;
  counted?: number;
  contextTokens?: number;
  characters?: number;
  model?: string;
  models?: readonly string[];
  isFirstModelAvoided?: true;
  now?: () => number;
  profile?: Floor['profile'];
}) {
  const rehearsal = createRehearsalModel();
  const asked: ChatRequest[] = [];
  const prompts: MeasuredPrompt[] = [];
  const model: Model = {
    ...rehearsal,
    async chat(request) {
      asked.push(request);
      const result = await rehearsal.chat(request);
      const text = options.answer === undefined ? result.text : options.answer(request);
      return { ...result, text, inputTokens: options.counted ?? result.inputTokens };
    },
  };
  const text = said.repeat(100).slice(0, options.characters ?? 200);
  const events: StoredEvent[] = [1, 2, 3, 4, 5].flatMap((round) => {
    const stream = `d/${round}/con`;
    const reply = { stream, seq: 2, type: 'turn-replied.v1', data: { text } };
    const given = { floor: { ...floor, round, profile: options.profile }, opponentText: text } as unknown as Json;
    return [{ stream, seq: 1, type: 'floor-given', data: given }, ...(round < 5 ? [reply] : [])];
  });
  const run = createThink({
    service: 'debater-b',
    bus: createMemoryBus(),
    logger: silentLogger,
    model: createModelClient({ models: { rehearsal: model, ollama: undefined, openai: undefined } }),
    models: options.models ?? [options.model ?? 'rehearsal'],
    contextTokens: options.contextTokens ?? 8_192,
    maxTokens: 400,
    budgetMs: 10_000,
    failpoint: () => {},
    onPrompt: (prompt) => prompts.push(prompt),
    readStreams: async () => events,
    now: options.now ?? Date.now,
  });
  const avoided = options.isFirstModelAvoided === undefined ? {} : { isFirstModelAvoided: true };
  const effect = { type: 'think', data: { attempt: 1, ...avoided } };
  const call = { effect, stream: 'd/5/con', attempt: 1, signal: new AbortController().signal };
  const thought = (await run(call as unknown as Parameters<typeof run>[0])) as unknown as Thought;
  return { thought, asked, prompts, kinds: asked.map(({ purpose }) => purpose.kind) };
}

describe('the memory of a turn', () => {
  test('is everything while it fits, for one call', async () => {
    const { thought, asked, kinds } = await think({});
    expect(kinds).toEqual(['turn']);
    expect(asked[0]?.messages[1]?.content).toContain('The other side, round 1:');
    expect(thought.compacted).toBeUndefined();
  });

  test('is compacted by one call of the same model when it does not fit, and the prompt then fits', async () => {
    const summary = 'Pro says that tea calms the nerves; con has not answered it.';
    const answer = ({ purpose }: ChatRequest) => (purpose.kind === 'summary' ? summary : said);
    const { thought, asked, kinds } = await think({ answer, contextTokens: 2_048, characters: 1_200 });
    expect(kinds).toEqual(['summary', 'turn']);
    expect(thought.compacted).toEqual({ upToRound: expect.any(Number), summary });
    const prompt = asked[1]?.messages[1]?.content ?? '';
    expect(prompt).toContain(summary);
    expect(prompt).toContain('The other side, round 5:');
    expect(prompt).not.toContain('The other side, round 1:');
    expect(prompt.length / 4).toBeLessThan(2_048 - 400);
    expect(thought.usage.outputTokens).toBeGreaterThan(100);
  });

  test.each<[string, (request: ChatRequest) => string]>([
    ['says nothing usable', ({ purpose }) => (purpose.kind === 'summary' ? '[[[ 1 2 3' : said)],
    ['fails', ({ purpose }) => (purpose.kind === 'summary' ? refuse() : said)],
  ])('is its first sentences when the model %s', async (_, answer) => {
    const { thought } = await think({ answer, contextTokens: 2_048, characters: 1_200 });
    expect(thought.compacted?.summary).toContain('The other side, round 1: Tea calms the nerves');
  });
});

describe('a model that goes away', () => {
  const away = (kind: string, answer: string) => (request: ChatRequest) => {
    if (request.purpose.kind !== kind) return answer;
    throw new ParleyError('MODEL_BROKE_OFF', 'Gone.', { retryable: true });
  };

  test('at the summary keeps the turn waiting: nothing is shortened for an outage', async () => {
    const asked = think({ answer: away('summary', said), contextTokens: 2_048, characters: 1_200 });
    await expect(asked).rejects.toMatchObject({ code: 'MODEL_BROKE_OFF', retryable: true });
  });

  test('at the question of a concession leaves the words, and the question open', async () => {
    const { thought } = await think({ answer: away('concession', 'You have convinced me. I concede.') });
    expect(thought).toMatchObject({ undeclared: { code: 'MODEL_BROKE_OFF', reason: 'Gone.' } });
    expect(thought.concedes).toBeUndefined();
  });
});

test('the model that killed its process is asked last', async () => {
  const { thought } = await think({ models: ['rehearsal:short', 'rehearsal'], isFirstModelAvoided: true });
  expect(thought.model).toBe('rehearsal');
  expect((await think({ models: ['rehearsal:short', 'rehearsal'] })).thought.model).toBe('rehearsal:short');
  const alone = think({ models: ['rehearsal'], isFirstModelAvoided: true });
  await expect(alone).rejects.toMatchObject({ code: 'EFFECT_POISON', retryable: false });
});

test('a turn whose deadline has passed by the database’s clock is not asked for', async () => {
  const late = think({ now: () => floor.deadlineAt });
  await expect(late).rejects.toMatchObject({ code: 'MODEL_TIMEOUT', retryable: false });
  const { asked } = await think({ now: () => floor.deadlineAt - 5_000 });
  expect(asked).toHaveLength(1);
});

describe('a concession', () => {
  const declares = (concedes: unknown) => (request: ChatRequest) =>
    request.purpose.kind === 'concession'
      ? JSON.stringify({ concedes, reason: 'because' })
      : 'You have convinced me. I concede.';

  test('is declared by the model about its own text', async () => {
    const { thought, kinds, asked } = await think({ answer: declares(true) });
    expect(kinds).toEqual(['turn', 'concession']);
    expect(asked[1]?.schema).toBeDefined();
    expect(thought.concedes).toBe(true);
  });

  test('that the model denies, or cannot declare, is none', async () => {
    expect((await think({ answer: declares(false) })).thought.concedes).toBeUndefined();
    expect((await think({ answer: declares('maybe') })).thought.concedes).toBeUndefined();
  });

  test('is not asked about when no words suggest it', async () => {
    expect((await think({ answer: () => said })).kinds).toEqual(['turn']);
  });

  test('can be rehearsed', async () => {
    expect((await think({ model: 'rehearsal:concede' })).thought.concedes).toBe(true);
  });
});

test("the model's count is measured against the estimate, and a silent cut is seen", async () => {
  expect((await think({})).prompts).toEqual([{ model: 'rehearsal', ratio: expect.closeTo(1, 1), isCut: false }]);
  const cut = await think({ contextTokens: 1_024, characters: 6_000, counted: 1_000 });
  expect(cut.prompts.at(-1)).toMatchObject({ isCut: true });
});

test('citations are checked against the evidence of the floor that the log holds', async () => {
  const profile = {
    evidence: [{ id: 'E1', text: 'Coffee wakes whole cities every single morning, the census says.' }],
  };
  const text = '"Coffee wakes whole cities every single morning" [E1], whatever tea does to anybody [E2].';
  expect((await think({ profile, answer: () => text })).thought.citations).toEqual([
    { id: 'E1', isKnown: true, quoteFound: true },
    { id: 'E2', isKnown: false },
  ]);
});
