import { expect, test } from '@jest/globals';
import { isDemanded } from '@parley/testkit';
import { type ChatMessage, createOllamaModel, createOpenAiModel, discoverModel, type Fetch } from '../src/index.ts';
import { modelContract } from './contract.ts';
import { toolRequest } from './tool-contract.ts';
import { makeToolModel } from './tool-model.ts';

const { PARLEY_TEST_OLLAMA_HOST: host } = process.env;

if (host) {
  const baseUrl = /^https?:/.test(host) ? host : `http://${host}`;
  modelContract('Ollama, running', async () => {
    const { defaultModel, embedModel } = await discoverModel({ env: { OLLAMA_HOST: host } });
    return {
      model: createOllamaModel({ baseUrl }),
      chat: defaultModel,
      long: defaultModel,
      slow: defaultModel,
      missing: 'parley-has-no-such-model',
      structured: defaultModel,
      embed: embedModel ?? 'the server has no embedding model',
      close: async () => undefined,
    };
  });

  test('a running model is offered tools: it answers or calls, or lacks them and is not asked twice', async () => {
    const { defaultModel } = await discoverModel({ env: { OLLAMA_HOST: host } });
    let asked = 0;
    const fetch: Fetch = (url, { method, headers, body, signal }) => {
      asked += 1;
      return globalThis.fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    };
    const model = createOllamaModel({ baseUrl, fetch });
    const ask = () =>
      model.chat(toolRequest(defaultModel, { seed: 7 })).then(
        ({ text, toolCalls = [] }) => (text !== '' || toolCalls.length > 0 ? 'answered' : 'empty'),
        ({ code }: { code: string }) => code,
      );
    const first = await ask();
    expect(['answered', 'MODEL_WITHOUT_TOOLS']).toContain(first);
    expect(await ask()).toBe(first);
    expect(asked).toBe(first === 'answered' ? 2 : 1);
    const { tools: _, ...plain } = toolRequest(defaultModel, { seed: 7 });
    expect((await model.chat(plain)).text).not.toBe('');
  });

  test('a running server sends two calls on both wires, and takes them back with their results', async () => {
    const { defaultModel } = await discoverModel({ env: { OLLAMA_HOST: host } });
    const { name, schema, remove } = await makeToolModel(baseUrl, defaultModel);
    try {
      for (const model of [createOllamaModel({ baseUrl }), createOpenAiModel({ baseUrl: `${baseUrl}/v1` })]) {
        const asked = toolRequest(name, { schema, temperature: 0, maxTokens: 128 });
        const { toolCalls = [], finishReason } = await model.chat(asked);
        const made = toolCalls.flatMap((call) => (call.ok ? [{ name: call.name, arguments: call.arguments }] : []));
        expect([made, finishReason]).toEqual([
          [
            { name: 'calculator', arguments: { expression: '10 * 99' } },
            { name: 'weather', arguments: { city: 'Zürich' } },
          ],
          'stop',
        ]);
        const results = made.map(({ name: toolName }) => ({ role: 'tool', toolName, content: '990' }) as const);
        const messages: ChatMessage[] = [
          ...asked.messages,
          { role: 'assistant', content: '', toolCalls: made },
          ...results,
        ];
        expect((await model.chat(toolRequest(name, { messages, seed: 7 }))).outputTokens).toBeGreaterThan(0);
      }
    } finally {
      await remove();
    }
  });
} else if (isDemanded('ollama')) {
  test('the Ollama component is asked for, so its server must be named', () => {
    expect(host).toBe('the address of a running Ollama in PARLEY_TEST_OLLAMA_HOST');
  });
} else {
  test.skip('the model contract on a running Ollama: set PARLEY_TEST_OLLAMA_HOST', () => undefined);
}
