import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChatRequest, type ChatResult, firstJsonObject, type Model } from '../src/index.ts';

/** A model under test and the names that bring about what the contract speaks of. */
export interface Opened {
  readonly model: Model;
  readonly chat: string;
  /** Its answer does not fit into 8 tokens. */
  readonly long: string;
  /** Sends some text and is then busy for longer than the test. */
  readonly slow: string;
  readonly missing: string;
  /** Makes embeddings of two texts, and again of the same two. */
  readonly embed: string;
  /** Answers to the schema of this suite. */
  readonly structured: string;
  close(): Promise<void>;
}

const schema = {
  type: 'object',
  properties: { speech: { type: 'string', maxLength: 80 }, concede: { type: 'boolean' } },
  required: ['speech', 'concede'],
};

/** What every adapter owes its callers. `open` runs once, before the suite. */
export function modelContract(name: string, open: () => Promise<Opened>): void {
  describe(`the model contract: ${name}`, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    const ask = (model: string, more: Partial<ChatRequest> = {}): Promise<ChatResult> =>
      opened.model.chat({
        model,
        messages: [
          { role: 'system', content: 'You are brief.' },
          { role: 'user', content: 'Say hello.' },
          { role: 'assistant', content: 'Hello.' },
          {
            role: 'user',
            content: 'Say one sentence about bicycles. Answer as JSON with speech and concede if asked to.',
          },
        ],
        purpose: { kind: 'turn', topic: 'Bicycles', side: 'pro', round: 1 },
        maxTokens: 64,
        contextTokens: 2_048,
        temperature: 0.7,
        seed: 7,
        signal: new AbortController().signal,
        ...more,
      });

    test('an answer carries its text, its counts and its times', async () => {
      const result = await ask(opened.chat);
      expect(result.text.length).toBeGreaterThan(0);
      expect(result.model).toBe(opened.chat);
      expect(result.provider).toBe(opened.model.provider);
      expect(['stop', 'length']).toContain(result.finishReason);
      expect(result.inputTokens).toBeGreaterThan(0);
      expect(result.outputTokens).toBeGreaterThan(0);
      expect(result.firstTokenMs).toBeGreaterThanOrEqual(0);
      expect(result.totalMs).toBeGreaterThanOrEqual(result.firstTokenMs);
    });

    test('the published pieces together are the text', async () => {
      const pieces: string[] = [];
      const result = await ask(opened.chat, { onText: (text) => pieces.push(text) });
      expect(pieces.join('')).toBe(result.text);
      expect(pieces).not.toContain('');
    });

    test('an answer cut at its limit says so', async () => {
      expect((await ask(opened.long, { maxTokens: 8 })).finishReason).toBe('length');
    });

    test('a schema brings JSON of its shape', async () => {
      const { text } = await ask(opened.structured, { schema, maxTokens: 200 });
      const value = firstJsonObject(text);
      expect(typeof value?.speech).toBe('string');
      expect(typeof value?.concede).toBe('boolean');
    });

    test('a model that does not exist is refused for good, with a remedy', async () => {
      await expect(ask(opened.missing)).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        retryable: false,
        message: expect.stringMatching(/ollama pull|OPENAI_MODEL|Use one of/),
      });
    });

    test('two calls at once do not mix their texts', async () => {
      const heard: string[][] = [[], []];
      const results = await Promise.all(
        heard.map((pieces, seed) => ask(opened.chat, { seed, onText: (text) => pieces.push(text) })),
      );
      expect(heard.map((pieces) => pieces.join(''))).toEqual(results.map(({ text }) => text));
    });

    test('a call that is aborted beforehand asks nobody', async () => {
      const signal = AbortSignal.abort(new Error('gone'));
      await expect(ask(opened.chat, { signal })).rejects.toMatchObject({ code: 'CANCELLED', retryable: false });
    });

    test('an abort in the middle stops the text at once', async () => {
      const controller = new AbortController();
      const heard: string[] = [];
      const onText = (text: string) => {
        heard.push(text);
        controller.abort();
      };
      await expect(ask(opened.slow, { signal: controller.signal, maxTokens: 400, onText })).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      expect(heard).toHaveLength(1);
    });

    const embed = (model: string, inputs: readonly string[], signal = new AbortController().signal) =>
      opened.model.embed({ model, inputs, signal });
    const two = ['Cats purr when they are content.', 'The budget was passed in March.'];

    test('two texts become two vectors of one dimension, the same ones when asked again', async () => {
      const { vectors, ...counts } = await embed(opened.embed, two);
      const [cats = [], budget = []] = vectors;
      expect(vectors).toHaveLength(2);
      expect(cats.length).toBeGreaterThan(1);
      expect(budget).toHaveLength(cats.length);
      expect(counts).toMatchObject({ model: opened.embed, provider: opened.model.provider });
      expect(counts.inputTokens).toBeGreaterThan(0);
      const again = (await embed(opened.embed, two)).vectors[0] ?? [];
      for (const [at, value] of cats.entries()) expect(again[at]).toBeCloseTo(value, 3);
    });

    test('embedding with a model that does not exist is refused for good, with a remedy', async () => {
      await expect(embed(opened.missing, two)).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        retryable: false,
        message: expect.stringMatching(/ollama pull|OPENAI_MODEL|Use one of/),
      });
    });

    test('an embedding that is aborted beforehand asks nobody', async () => {
      await expect(embed(opened.embed, two, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    });

    test('what can be asked is listed', async () => {
      const names = await opened.model.list(new AbortController().signal);
      expect(names.length).toBeGreaterThan(0);
    });
  });
}
