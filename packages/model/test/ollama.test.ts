import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChatRequest, createOllamaModel, type Model } from '../src/index.ts';
import { modelContract } from './contract.ts';
import { openReplay, type Replay } from './replay.ts';

modelContract('Ollama, replayed', async () => {
  const replay = await openReplay();
  return {
    model: createOllamaModel({ baseUrl: replay.baseUrl }),
    chat: 'chat-stream',
    long: 'chat-stream',
    slow: 'chat-stream!stall',
    missing: 'error-404',
    structured: 'chat-structured-stream',
    embed: 'embed',
    close: replay.close,
  };
});

let replay: Replay;
let model: Model;
beforeAll(async () => {
  replay = await openReplay();
  model = createOllamaModel({ baseUrl: `${replay.baseUrl}/`, keepAlive: '10m' });
});
afterAll(() => replay.close());

function ask(name: string, more: Partial<ChatRequest> = {}) {
  return model.chat({
    model: name,
    messages: [{ role: 'user', content: 'Say hello.' }],
    purpose: { kind: 'turn', topic: 'Bicycles' },
    maxTokens: 40,
    contextTokens: 2_048,
    signal: new AbortController().signal,
    ...more,
  });
}

test('the recorded answer is read to its end with the counts of the server', async () => {
  const result = await ask('chat-stream');
  expect(result.text).toMatch(/^I'm ready to assist/);
  expect(result).toMatchObject({ finishReason: 'length', inputTokens: 12, outputTokens: 40 });
  expect(result.loadMs).toBeCloseTo(1594.3, 0);
});

test('the window and the limit are always sent, the rest when asked for', async () => {
  await ask('chat-stream', { seed: 3, schema: { type: 'object' } });
  expect(replay.bodies.at(-1)).toEqual({
    model: 'chat-stream',
    messages: [{ role: 'user', content: 'Say hello.' }],
    stream: true,
    think: false,
    keep_alive: '10m',
    format: { type: 'object' },
    options: { num_ctx: 2048, num_predict: 40, seed: 3 },
  });
});

test('all texts go into one request for embeddings, and the model is kept loaded', async () => {
  const signal = new AbortController().signal;
  const { vectors, inputTokens } = await model.embed({ model: 'embed', inputs: ['Cats purr.', 'It passed.'], signal });
  expect(replay.bodies.at(-1)).toEqual({ model: 'embed', input: ['Cats purr.', 'It passed.'], keep_alive: '10m' });
  expect(vectors.map((vector) => vector.length)).toEqual([8, 8]);
  expect(inputTokens).toBeGreaterThan(2);
});

test('fewer vectors than texts are garbage', async () => {
  const inputs = ['one', 'two', 'three'];
  const short = model.embed({ model: 'embed', inputs, signal: new AbortController().signal });
  await expect(short).rejects.toMatchObject({
    code: 'MODEL_GARBAGE',
    message: expect.stringMatching(/3 texts.*2 vectors/),
  });
});

test('a purpose never leaves the process', async () => {
  await ask('chat-stream', { purpose: { kind: 'judge', topic: 'a secret topic' } });
  expect(JSON.stringify(replay.bodies.at(-1))).not.toContain('secret');
});

test('chunks are not lines: byte by byte the answer is the same', async () => {
  expect((await ask('chat-chinese!bytes')).text).toBe('人工智能😀');
  expect((await ask('chat-stream!bytes')).text).toBe((await ask('chat-stream')).text);
});

test('an answer in one piece without a line break at its end is read too', async () => {
  expect((await ask('chat-structured')).text).toContain('"concede": false');
});

test.each([
  ['chat-stream!cut', /the stream ended before the answer did/],
  ['chat-stream!reset', /broke off/],
  ['chat-runner-died', /an error was encountered while running the model/],
])('%s is an answer that broke off, worth another try', async (name, message) => {
  await expect(ask(name)).rejects.toMatchObject({
    code: 'MODEL_BROKE_OFF',
    retryable: true,
    message: expect.stringMatching(message),
  });
});

test.each([
  ['error-404', 'MODEL_NOT_FOUND', false, /Run: ollama pull error-404/],
  ['error-400-json', 'MODEL_REFUSED', false, /unexpected EOF/],
  ['error-overflow', 'MODEL_REFUSED', false, /exceeds the context length/],
  ['error-503', 'MODEL_OVERLOADED', true, /maximum pending requests exceeded/],
])('%s is %s', async (name, code, retryable, message) => {
  await expect(ask(name)).rejects.toMatchObject({ code, retryable, message: expect.stringMatching(message) });
});

test('endless white space is stopped, also on the server', async () => {
  const before = replay.abandoned();
  await expect(ask('chat-whitespace')).rejects.toMatchObject({ code: 'MODEL_GARBAGE', retryable: false });
  await until(() => replay.abandoned() > before);
});

test('an abort closes the connection, so the server stops generating', async () => {
  const before = replay.abandoned();
  const controller = new AbortController();
  const answer = ask('chat-stream!silent', { signal: controller.signal });
  await until(() => replay.bodies.at(-1)?.model === 'chat-stream!silent');
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
  await until(() => replay.abandoned() > before);
});

test('a server that is not there is unreachable, with a remedy', async () => {
  const gone = await openReplay();
  await gone.close();
  const lost = createOllamaModel({ baseUrl: gone.baseUrl.replace('//', '//user:secret@') });
  const failure = lost.list(new AbortController().signal);
  await expect(failure).rejects.toMatchObject({
    code: 'MODEL_UNREACHABLE',
    retryable: true,
    message: expect.stringMatching(/ollama serve/),
  });
  await expect(failure).rejects.not.toMatchObject({ message: expect.stringMatching(/secret/) });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
