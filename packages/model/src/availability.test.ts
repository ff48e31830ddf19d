import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { checkAvailability } from './availability.ts';
import type { Model, Provider } from './model.ts';

const unused = () => Promise.reject(new Error('not asked for'));
const having = (provider: Provider, list: Model['list']) => ({
  ...{ ollama: undefined, openai: undefined, rehearsal: undefined },
  [provider]: { provider, chat: unused, embed: unused, list } satisfies Model,
});

test('a model that its server lists is there, with or without its tag', async () => {
  const models = having('ollama', async () => ['qwen3:4b', 'parley-test:latest']);
  for (const name of ['qwen3:4b', 'ollama/qwen3:4b', 'parley-test', 'ollama/parley-test:latest'])
    expect(await checkAvailability(name, models)).toEqual({ isAvailable: true, sentence: name });
});

test('the rehearsal model is always there, and says what it is', async () => {
  const models = having('rehearsal', async () => []);
  expect(await checkAvailability('rehearsal:short', models)).toEqual({
    isAvailable: true,
    sentence: 'rehearsal:short: scripted text, not an AI',
  });
});

test('a model that its server does not list is missing, with the remedy', async () => {
  const ollama = having('ollama', async () => ['qwen3:4b']);
  expect(await checkAvailability('ollama/none', ollama)).toEqual({
    isAvailable: false,
    sentence: 'The server of ollama/none does not have it. Run: ollama pull none',
  });
  const openai = having('openai', async () => ['a', 'b', 'c', 'd', 'e']);
  expect((await checkAvailability('openai/none', openai)).sentence).toContain('It lists a, b, c and 2 more.');
});

test('a server that does not answer, or not in time, and one that is not configured are said to be so', async () => {
  const away = having('ollama', () => Promise.reject(new ParleyError('MODEL_UNREACHABLE', 'No answer. Start it.')));
  expect(await checkAvailability('qwen3:4b', away)).toEqual({
    isAvailable: false,
    sentence: 'qwen3:4b: No answer. Start it.',
  });
  const slow = having(
    'ollama',
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('too late')))),
  );
  expect(await checkAvailability('qwen3:4b', slow, 20)).toEqual({
    isAvailable: false,
    sentence: 'qwen3:4b: its server has not answered within 20 ms.',
  });
  expect((await checkAvailability('openai/none', slow)).sentence).toContain('Set OPENAI_BASE_URL');
});
