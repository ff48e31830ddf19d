import { expect, test } from '@jest/globals';
import { isDemanded } from '@parley/testkit';
import { createOllamaModel, discoverModel } from '../src/index.ts';
import { modelContract } from './contract.ts';

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
} else if (isDemanded('ollama')) {
  test('the Ollama component is asked for, so its server must be named', () => {
    expect(host).toBe('the address of a running Ollama in PARLEY_TEST_OLLAMA_HOST');
  });
} else {
  test.skip('the model contract on a running Ollama: set PARLEY_TEST_OLLAMA_HOST', () => undefined);
}
