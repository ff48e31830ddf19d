import { expect, test } from '@jest/globals';
import { discoverModel, type Fetch } from '../src/index.ts';

const tags = (...models: [string, string][]) => ({
  models: models.map(([name, family]) => ({ name, details: { families: [family] } })),
});
const chatty = tags(
  ['nomic-embed-text:latest', 'nomic-bert'],
  ['parley-embed:latest', 'bert'],
  ['qwen2.5:7b', 'qwen2'],
);

/** A network in which only the given addresses answer. */
function network(answers: Readonly<Record<string, unknown>>): Fetch {
  return async (url) => {
    if (url in answers) return Response.json(answers[url]);
    throw new TypeError('fetch failed');
  };
}
const local = 'http://127.0.0.1:11434/api/tags';
const remote = 'https://models.example/v1';

test('Ollama is taken when it answers, with the first model that can chat', async () => {
  const found = await discoverModel({ env: {}, fetch: network({ [local]: chatty }) });
  expect(found).toMatchObject({ provider: 'ollama', defaultModel: 'qwen2.5:7b', isRehearsal: false });
  expect(found.explanation).toBe('model qwen2.5:7b of Ollama at http://127.0.0.1:11434 (the first chat model there)');
});

test.each([
  ['gpu:9999', 'http://gpu:9999/api/tags'],
  ['gpu', 'http://gpu:11434/api/tags'],
  ['0.0.0.0:11434', local],
  ['https://ollama.example/', 'https://ollama.example/api/tags'],
])('OLLAMA_HOST %s is understood', async (host, url) => {
  const found = await discoverModel({ env: { OLLAMA_HOST: host }, fetch: network({ [url]: chatty }) });
  expect(found.provider).toBe('ollama');
});

test('without any server it is the rehearsal, and the sentence says why', async () => {
  const found = await discoverModel({ env: { OLLAMA_HOST: '', OPENAI_BASE_URL: '' }, fetch: network({}) });
  expect(found).toMatchObject({ provider: 'rehearsal', defaultModel: 'rehearsal', isRehearsal: true });
  expect(found.explanation).toBe(
    'rehearsal model (no Ollama at http://127.0.0.1:11434, OPENAI_BASE_URL is not set): scripted text, not an AI',
  );
});

test('an Ollama with nothing but embeddings is passed over', async () => {
  const found = await discoverModel({ env: {}, fetch: network({ [local]: tags(['parley-embed', 'bert']) }) });
  expect(found.explanation).toMatch(/^rehearsal model \(Ollama at http:\/\/127.0.0.1:11434 has no chat model/);
});

test('an Ollama that does not answer in time is none', async () => {
  const before = timers();
  const fetch: Fetch = (_, { signal }) =>
    new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  expect(await discoverModel({ env: {}, fetch, probeMs: 10 })).toMatchObject({ isRehearsal: true });
  expect(timers()).toBeLessThanOrEqual(before);
});

test('the OpenAI-compatible server comes second, with the model named or the first it lists', async () => {
  const env = { OPENAI_BASE_URL: remote, OPENAI_API_KEY: 'sk-secret' };
  const named = await discoverModel({ env: { ...env, OPENAI_MODEL: 'gpt' }, fetch: network({}) });
  expect(named).toMatchObject({ provider: 'openai', defaultModel: 'gpt' });
  const listed = await discoverModel({
    env,
    fetch: network({ [`${remote}/models`]: { data: [{ id: 'text-embedding' }, { id: 'llama' }] } }),
  });
  expect(listed.defaultModel).toBe('llama');
  expect(listed.models.ollama).toBeUndefined();
  expect(JSON.stringify(listed)).not.toContain('sk-secret');
  expect((await discoverModel({ env, fetch: network({}) })).explanation).toMatch(/set OPENAI_MODEL\): scripted text/);
});

test('a model asked for by name decides', async () => {
  const fetch = network({ [local]: chatty });
  expect(await discoverModel({ env: {}, fetch, model: 'rehearsal:slow' })).toMatchObject({
    defaultModel: 'rehearsal:slow',
    isRehearsal: true,
  });
  expect(await discoverModel({ env: {}, fetch, model: 'llama3' })).toMatchObject({
    provider: 'ollama',
    defaultModel: 'llama3',
  });
  const lost = await discoverModel({ env: {}, fetch: network({}), model: 'ollama/llama3' });
  expect(lost).toMatchObject({
    provider: 'ollama',
    isRehearsal: false,
    explanation: expect.stringMatching(/ollama serve/),
  });
  const env = { OPENAI_BASE_URL: remote };
  expect((await discoverModel({ env, fetch: network({}), model: 'gpt' })).provider).toBe('openai');
  expect((await discoverModel({ env, fetch, model: 'openai/gpt' })).defaultModel).toBe('openai/gpt');
  await expect(discoverModel({ env: {}, fetch, model: 'openai/gpt' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
});

test('an address that is none is refused with the value', async () => {
  await expect(discoverModel({ env: { OPENAI_BASE_URL: 'ftp://x' }, fetch: network({}) })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test.each([
  [undefined, 'nomic-embed-text:latest'],
  ['none', undefined],
  ['bge-m3', 'bge-m3'],
])('with PARLEY_EMBED_MODEL %s embeddings come from %s', async (embedModel, expected) => {
  const found = await discoverModel({ env: {}, embedModel, fetch: network({ [local]: chatty }) });
  expect(found.embedModel).toBe(expected);
});

test('without a server nothing embeds, unless it is named', async () => {
  expect((await discoverModel({ env: {}, fetch: network({}) })).embedModel).toBeUndefined();
  const named = await discoverModel({ env: {}, embedModel: 'rehearsal:embed', fetch: network({}) });
  expect(named.embedModel).toBe('rehearsal:embed');
});
