import { describe, expect, test } from '@jest/globals';
import {
  createHttpFetch,
  createOllamaModel,
  createOpenAiModel,
  discoverModel,
  type Fetch,
  type Model,
} from '../src/index.ts';

/** A server whose every answer is JSON that never ends, and how much of it was read. */
function endless(): { fetch: Fetch; sent: () => number; isLeft: () => boolean } {
  let sent = 0;
  let isLeft = false;
  const piece = new TextEncoder().encode('[1.5,'.repeat(10_000));
  const fetch: Fetch = async () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += piece.length;
          controller.enqueue(piece);
        },
        cancel() {
          isLeft = true;
        },
      }),
    );
  return { fetch, sent: () => sent, isLeft: () => isLeft };
}
const answering = (body: string): Fetch => {
  return async () => new Response(body, { headers: { 'content-type': 'application/json' } });
};
const { signal } = new AbortController();

describe.each<[string, (fetch: Fetch) => Model]>([
  ['Ollama', (fetch) => createOllamaModel({ baseUrl: 'http://models.example', fetch })],
  ['OpenAI', (fetch) => createOpenAiModel({ baseUrl: 'http://models.example/v1', fetch })],
])('what %s sends beside answers', (_, open) => {
  test('a list of models without end is left after 4 MB', async () => {
    const server = endless();
    await expect(open(server.fetch).list(signal)).rejects.toMatchObject({
      code: 'MODEL_GARBAGE',
      retryable: false,
      message: expect.stringMatching(/asked for its models, and the answer is longer than 4000000 bytes/),
    });
    expect(server.isLeft()).toBe(true);
    expect(server.sent()).toBeLessThan(5_000_000);
  });

  test('embeddings without end are left after what two texts can take', async () => {
    const server = endless();
    const answer = open(server.fetch).embed({ model: 'e', inputs: ['a', 'b'], signal });
    await expect(answer).rejects.toMatchObject({
      code: 'MODEL_GARBAGE',
      message: expect.stringMatching(/longer than/),
    });
    expect(server.isLeft()).toBe(true);
    expect(server.sent()).toBeLessThan(2_000_000);
  });

  test.each(['<html>', '[]', '{}', 'null', '"x"', '{"models":3,"data":3}'])('%s is no list of models', async (body) => {
    await expect(open(answering(body)).list(signal)).rejects.toMatchObject({ code: 'MODEL_GARBAGE' });
  });

  test('entries of a list that are no models are left out, and names are no longer than names', async () => {
    const entries = [
      null,
      3,
      { name: 7, id: 7 },
      { name: 'x'.repeat(500), id: 'x'.repeat(500) },
      { name: 'a', id: 'a' },
    ];
    const body = JSON.stringify({ models: entries, data: entries });
    expect(await open(answering(body)).list(signal)).toEqual(['a']);
  });

  test('odd counts of embeddings are estimated', async () => {
    for (const count of [-5, '12', 1e30, 3.7, null]) {
      const body = {
        embeddings: [[1, 2]],
        data: [{ embedding: [1, 2] }],
        prompt_eval_count: count,
        usage: { prompt_tokens: count },
      };
      const { inputTokens } = await open(answering(JSON.stringify(body))).embed({
        model: 'e',
        inputs: ['12345678'],
        signal,
      });
      expect(inputTokens).toBe(2);
    }
  });
});

test('a start that looks for models is not held up by a list without end', async () => {
  const { fetch } = endless();
  const found = await discoverModel({ env: {}, fetch, probeMs: 2_000 });
  expect(found.isRehearsal).toBe(true);
});

test('a key that no header can carry is refused before anything is asked', () => {
  const open = () => createOpenAiModel({ baseUrl: 'http://models.example/v1', apiKey: 'sk-\u200babc' });
  expect(open).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/OPENAI_API_KEY.*U\+200B, the 4th/),
    }),
  );
});

test('a fault of the request itself is told as one, and will not pass', async () => {
  const send = createHttpFetch();
  const fetch: Fetch = (url, init) => send(url, { ...init, headers: { authorization: 'Bearer a\nb' } });
  const model = createOpenAiModel({ baseUrl: 'http://127.0.0.1:1/v1', fetch });
  await expect(model.list(signal)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    retryable: false,
    message: expect.stringMatching(/cannot be made.*OPENAI_API_KEY/),
  });
});
