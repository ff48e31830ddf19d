import { expect, test } from '@jest/globals';
import { isDemanded } from '@parley/testkit';
import { createOllamaModel, discoverModel, type Fetch } from '../src/index.ts';
import { modelContract } from './contract.ts';
import { toolRequest } from './tool-contract.ts';

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
} else if (isDemanded('ollama')) {
  test('the Ollama component is asked for, so its server must be named', () => {
    expect(host).toBe('the address of a running Ollama in PARLEY_TEST_OLLAMA_HOST');
  });
} else {
  test.skip('the model contract on a running Ollama: set PARLEY_TEST_OLLAMA_HOST', () => undefined);
}
