import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChatRequest, createOpenAiModel, type Model } from '../src/index.ts';
import { modelContract } from './contract.ts';
import { openReplay, type Replay } from './replay.ts';

modelContract('OpenAI, replayed', async () => {
  const replay = await openReplay();
  return {
    model: createOpenAiModel({ baseUrl: `${replay.baseUrl}/v1` }),
    chat: 'openai-chat-sse',
    long: 'openai-chat-sse',
    slow: 'openai-chat-sse!stall',
    missing: 'openai-error-404',
    structured: 'openai-structured-sse',
    embed: 'openai-embed',
    close: replay.close,
  };
});

const key = 'sk-very-secret-0123456789';
let replay: Replay;
let model: Model;
beforeAll(async () => {
  replay = await openReplay();
  model = createOpenAiModel({ baseUrl: `${replay.baseUrl}/v1/`, apiKey: key });
});
afterAll(() => replay.close());

function request(name: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: name,
    messages: [{ role: 'user', content: 'Say hello.' }],
    purpose: { kind: 'turn', topic: 'Bicycles' },
    maxTokens: 24,
    contextTokens: 2_048,
    signal: new AbortController().signal,
    ...more,
  };
}

test('the recorded answer is read to its end with the usage of the server', async () => {
  const result = await model.chat(request('openai-chat-sse'));
  expect(result).toMatchObject({ finishReason: 'length', inputTokens: 12, outputTokens: 24 });
  expect(result.text.length).toBeGreaterThan(20);
});

test('usage, schema and key are sent the way the protocol wants them', async () => {
  await model.chat(request('openai-structured-sse', { schema: { type: 'object' }, temperature: 0 }));
  expect(replay.headers.at(-1)?.authorization).toBe(`Bearer ${key}`);
  expect(replay.bodies.at(-1)).toEqual({
    model: 'openai-structured-sse',
    messages: [{ role: 'user', content: 'Say hello.' }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 24,
    temperature: 0,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
  });
});

test('embeddings are asked for as numbers and put in the order of their texts', async () => {
  const data = [
    { index: 1, embedding: [0, 1] },
    { index: 0, embedding: [1, 0] },
  ];
  const sent: string[] = [];
  const shuffled = createOpenAiModel({
    baseUrl: 'http://models.example/v1',
    fetch: async (url, { body }) => {
      sent.push(`${url} ${body}`);
      return Response.json({ data });
    },
  });
  const result = await shuffled.embed({ model: 'e', inputs: ['one', 'two'], signal: new AbortController().signal });
  expect(result.vectors).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(sent).toEqual([
    'http://models.example/v1/embeddings {"model":"e","input":["one","two"],"encoding_format":"float"}',
  ]);
});

test('events may be split anywhere', async () => {
  expect((await model.chat(request('openai-chinese!bytes'))).text).toBe('人工智能😀');
});

test.each([['openai-chat-sse!cut'], ['openai-chat-sse!reset'], ['openai-runner-died']])(
  '%s is an answer that broke off, worth another try',
  async (name) => {
    await expect(model.chat(request(name))).rejects.toMatchObject({ code: 'MODEL_BROKE_OFF', retryable: true });
  },
);

test('endless white space is stopped', async () => {
  await expect(model.chat(request('openai-whitespace'))).rejects.toMatchObject({ code: 'MODEL_GARBAGE' });
});

test.each([
  [401, {}, 'MODEL_REFUSED', false, undefined],
  [400, {}, 'MODEL_REFUSED', false, undefined],
  [429, { 'retry-after': '7' }, 'MODEL_OVERLOADED', true, 7_000],
  [500, {}, 'MODEL_BROKE_OFF', true, undefined],
  [502, {}, 'MODEL_UNREACHABLE', true, undefined],
  [503, {}, 'MODEL_OVERLOADED', true, undefined],
])(
  'status %i means the same as from Ollama, and the key stays secret',
  async (status, headers, code, retryable, retryAfterMs) => {
    const said = JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } });
    const refusing = createOpenAiModel({
      baseUrl: 'http://models.example/v1',
      apiKey: key,
      fetch: async () => new Response(said, { status, headers: { ...headers } }),
    });
    const failure: Error = await refusing.chat(request('any')).then(
      () => new Error('answered'),
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ code, retryable, retryAfterMs });
    expect(`${failure.message} ${String(failure.cause)} ${failure.stack}`).not.toContain(key);
  },
);

test('a connection error does not tell the key either', async () => {
  const failing = createOpenAiModel({
    baseUrl: 'http://models.example/v1',
    apiKey: key,
    fetch: async () => {
      throw new TypeError('fetch failed', { cause: new Error(`header "Bearer ${key}" is not allowed`) });
    },
  });
  const failure: Error = await failing.chat(request('any')).then(
    () => new Error('answered'),
    (error: Error) => error,
  );
  expect(failure).toMatchObject({ code: 'MODEL_UNREACHABLE', retryable: true });
  expect(failure.message).toContain('***');
  expect(failure.message).not.toContain(key);
});

test('of comments in a row thirty are signs of life, and an event begins the count anew', async () => {
  const event = 'data: {"choices":[{"delta":{"content":"Tea calms."}}]}\n\n';
  const comments = ': still here\n\n'.repeat(100);
  const body = `${comments}${event}${comments}data: [DONE]\n\n`;
  const patient = createOpenAiModel({ baseUrl: 'http://models.example/v1', fetch: async () => new Response(body) });
  let signs = 0;
  const onProgress = () => {
    signs += 1;
  };
  expect((await patient.chat(request('any', { onProgress }))).text).toBe('Tea calms.');
  expect(signs).toBe(30 + 1 + 30 + 1);
});
