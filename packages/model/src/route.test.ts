import { expect, test } from '@jest/globals';
import type { Model, Provider } from './model.ts';
import { refusalsOf, route } from './route.ts';

const fake = (provider: Provider): Model => ({
  provider,
  chat: () => Promise.reject(),
  embed: () => Promise.reject(),
  list: async () => [],
});
const all = { ollama: fake('ollama'), openai: fake('openai'), rehearsal: fake('rehearsal') };

test.each([
  ['rehearsal', 'rehearsal', 'rehearsal'],
  ['rehearsal:slow', 'rehearsal', 'rehearsal:slow'],
  ['rehearsals-of-mine', 'ollama', 'rehearsals-of-mine'],
  ['qwen2.5:7b', 'ollama', 'qwen2.5:7b'],
  ['ollama/qwen2.5', 'ollama', 'qwen2.5'],
  ['openai/gpt-oss', 'openai', 'gpt-oss'],
])('%s goes to %s as %s', (name, provider, wireName) => {
  expect(route(name, all)).toEqual({ model: all[provider as Provider], wireName });
});

test('without Ollama a bare name is for the OpenAI-compatible server', () => {
  expect(route('gpt-oss', { ...all, ollama: undefined }).model).toBe(all.openai);
});

test('a provider that is not there is an error with a remedy', () => {
  const none = { ollama: undefined, openai: undefined, rehearsal: undefined };
  expect(() => route('openai/gpt-oss', none)).toThrow(/Set OPENAI_BASE_URL/);
  expect(() => route('qwen2.5', none)).toThrow(/Start Ollama or set OLLAMA_HOST/);
  expect(() => route('ollama/', all)).toThrow(/ollama\//);
});

test('what a server has refused of a model is said by name, and nothing of other models', () => {
  const refusedFields = (model: string) => (model === 'strict' ? ['temperature', 'seed'] : []);
  const models = { ...all, openai: { ...fake('openai'), refusedFields } };
  expect(refusalsOf('openai/strict', models)).toBe('; its server refuses temperature, seed, and is asked without');
  for (const name of ['openai/other', 'rehearsal', 'qwen2.5']) expect(refusalsOf(name, models)).toBe('');
});
