// A debate that is longer than a real model's window: what Ollama counted is held against what was estimated.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createMemoryBus } from '@parley/bus';
import type { Json } from '@parley/contracts';
import type { Floor, Side } from '@parley/contracts/debate';
import {
  type ChatRequest,
  type ChatResult,
  createModelClient,
  createOllamaModel,
  discoverModel,
  type Model,
} from '@parley/model';
import { type MeasuredPrompt, silentLogger } from '@parley/runtime';
import type { StoredEvent } from '@parley/spine';
import type { Compacted } from '../src/domain/context.ts';
import type { Thought } from '../src/domain/turn.ts';
import { createThink } from '../src/out/think.ts';

const { PARLEY_TEST_OLLAMA_HOST: host } = process.env;
/** Small, so that a debate of a few rounds is too long for it and a busy machine reads its prompts in time. */
const contextTokens = 1_024;
const maxTokens = 48;
const rounds = 6;

const planted = {
  en: 'Free buses change how a town moves, because nobody has to count coins or study zones before a ride. When Dunkirk dropped its fares in 2018, more than half as many people again took the bus within a year, and nearly half of them had left a car at home. What that costs is less than one new car park.',
  zh: '免费公交会改变一座城市的出行方式，因为乘车之前谁也不必再数零钱、再研究分区。敦刻尔克在2018年取消票价之后，一年之内客流增加了一半以上，其中将近一半的人把汽车留在了家里。这笔开销比修一座新停车场还少。',
};

/** Sends every request on, and keeps what was asked and counted. */
function listening(model: Model) {
  const calls: { readonly request: ChatRequest; readonly result: ChatResult }[] = [];
  const chat = async (request: ChatRequest): Promise<ChatResult> => {
    const result = await model.chat(request);
    calls.push({ request, result });
    return result;
  };
  return { calls, model: { ...model, chat } };
}

/** One debater's rounds, one after the other; what it says is real, what stands in the log for it is planted. */
async function debate(name: string, model: Model, text: string, opponentText: string, upTo: number) {
  const events: StoredEvent[] = [];
  const prompts: MeasuredPrompt[] = [];
  const compactions: Compacted[] = [];
  const side: Side = 'con';
  const run = createThink({
    service: 'debater-b',
    bus: createMemoryBus(),
    logger: silentLogger,
    model: createModelClient({
      models: { ollama: model, rehearsal: model, openai: undefined },
      options: { warmFirstTokenMs: 120_000, coldFirstTokenMs: 120_000 },
    }),
    models: [`ollama/${name}`],
    contextTokens,
    maxTokens,
    budgetMs: 240_000,
    failpoint: () => {},
    onPrompt: (prompt) => prompts.push(prompt),
    readStreams: async (streams) => events.filter(({ stream }) => streams.includes(stream)),
    now: Date.now,
  });
  for (let round = 1; round <= upTo; round++) {
    const stream = `d/${round}/${side}`;
    const floor: Floor = { ...topic, round, side, deadlineAt: Date.now() + 600_000 };
    events.push({ stream, seq: 1, type: 'floor-given', data: { floor, opponentText } as unknown as Json });
    const call = {
      effect: { type: 'think', data: { attempt: 1 } },
      stream,
      attempt: 1,
      signal: AbortSignal.timeout(300_000),
    };
    const thought = (await run(call as unknown as Parameters<typeof run>[0])) as unknown as Thought;
    if (thought.compacted !== undefined) {
      compactions.push(thought.compacted);
      events.push({ stream, seq: 2, type: 'memory-compacted', data: thought.compacted as unknown as Json });
    }
    events.push({ stream, seq: 3, type: 'turn-replied.v1', data: { text } });
  }
  return { prompts, compactions };
}
const topic = { topic: 'Should public buses be free?', maxRounds: 2 * rounds, attempt: 1 };

if (host === undefined || host === '') {
  test.skip('a debate longer than the window of a running Ollama: set PARLEY_TEST_OLLAMA_HOST', () => undefined);
} else {
  describe('on a running Ollama', () => {
    let name: string;
    const ollama = createOllamaModel({ baseUrl: /^https?:/.test(host) ? host : `http://${host}` });
    beforeAll(async () => {
      ({ defaultModel: name } = await discoverModel({ env: { OLLAMA_HOST: host }, probeMs: 20_000 }));
      name = name.replace(/^ollama\//, '');
    });

    test('a debate longer than the window is compacted, and no prompt of it is cut', async () => {
      const { calls, model } = listening(ollama);
      const { prompts, compactions } = await debate(name, model, planted.en, planted.en, rounds);
      const turns = calls.filter(({ request }) => request.purpose.kind === 'turn');
      const said = 2 * rounds * turnTokens(turns);
      expect(said).toBeGreaterThan(contextTokens);
      expect(compactions.length).toBeGreaterThan(0);
      expect(turns).toHaveLength(rounds);
      expect(prompts.filter(({ isCut }) => isCut)).toEqual([]);
      for (const { result } of turns) expect(result.inputTokens).toBeLessThanOrEqual(contextTokens - maxTokens);
      // The guard's estimate and the model's count, before it knows the model.
      for (const { ratio } of prompts) expect(ratio).toBeGreaterThan(0.5);
      for (const { ratio } of prompts) expect(ratio).toBeLessThan(2);
      // A server that had cut the longest prompt would count more of it in a larger window.
      const longest = turns.reduce((a, b) => (b.result.inputTokens > a.result.inputTokens ? b : a));
      const again = await ollama.chat({ ...longest.request, contextTokens: 4 * contextTokens, maxTokens: 1 });
      expect(again.inputTokens).toBe(longest.result.inputTokens);
    }, 600_000);

    test('a prompt that cannot fit is counted as cut, though the estimate had it fit', async () => {
      // Three tokens a character where the estimate has one: nothing is known of the model in the first round.
      const { calls, model } = listening(ollama);
      const { prompts } = await debate(name, model, planted.zh, planted.zh.repeat(8), 1);
      const [cut] = calls;
      expect(cut?.result.inputTokens).toBeGreaterThanOrEqual(contextTokens);
      expect(prompts.map(({ isCut }) => isCut)).toEqual([true]);
    }, 600_000);
  });
}

/** What a planted turn is in this model's tokens, from two prompts of which one has a turn more. */
function turnTokens(turns: readonly { readonly request: ChatRequest; readonly result: ChatResult }[]): number {
  const [first, second] = turns;
  return ((second?.result.inputTokens ?? 0) - (first?.result.inputTokens ?? 0)) / 2;
}
