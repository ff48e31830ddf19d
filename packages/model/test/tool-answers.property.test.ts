import { expect, test } from '@jest/globals';
import { isParleyError } from '@parley/contracts';
import fc from 'fast-check';
import { type ChatResult, createOllamaModel, createOpenAiModel, type Fetch, toolBounds } from '../src/index.ts';
import { toolRequest } from './tool-contract.ts';

const call = fc.record(
  {
    index: fc.constantFrom(0, 1, -1, 'x'),
    id: fc.constantFrom('a', 'b', '', null),
    function: fc.oneof(
      fc.record({
        name: fc.constantFrom('calculator', 'clock', 'nope', '', 3),
        arguments: fc.oneof(fc.constantFrom('{"expression":"1"}', '{"a', '":1}', ''), fc.json(), fc.jsonValue()),
      }),
      fc.jsonValue(),
    ),
  },
  { requiredKeys: [] },
);
const message = fc.record(
  {
    content: fc.oneof(fc.string(), fc.constantFrom('{"name":"clock","arguments":{}}', null, '<think>'), fc.jsonValue()),
    tool_calls: fc.oneof(fc.array(call, { maxLength: 40 }), fc.jsonValue()),
    function_call: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const messages = fc.array(message, { maxLength: 6 });
const finish = fc.constantFrom('stop', 'length', 'tool_calls', null, 'what');

const answering = (body: string): Fetch => {
  return async () => new Response(body);
};

function within({ text, toolCalls = [], inputTokens, outputTokens }: ChatResult): void {
  expect(typeof text).toBe('string');
  expect(text.trim() !== '' || toolCalls.length > 0).toBe(true);
  expect(toolCalls.length).toBeLessThanOrEqual(toolBounds.calls + 1);
  for (const { name } of toolCalls) expect(name).toMatch(/^(?:|[\w-]{1,64})$/);
  for (const count of [inputTokens, outputTokens]) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
}

async function endsWell(answer: Promise<ChatResult>): Promise<void> {
  try {
    within(await answer);
  } catch (thrown) {
    if (!isParleyError(thrown)) throw thrown;
    expect(['MODEL_GARBAGE', 'MODEL_BROKE_OFF']).toContain(thrown.code);
  }
}

test("whatever stands in Ollama's lines ends with an answer within its bounds, or an error that has a name", async () => {
  await fc.assert(
    fc.asyncProperty(messages, finish, async (parts, done_reason) => {
      const lines = parts.map((part) => ({ message: part, done: false }));
      const body = [...lines, { done: true, done_reason }].map((line) => `${JSON.stringify(line)}\n`).join('');
      await endsWell(createOllamaModel({ baseUrl: 'http://m.example', fetch: answering(body) }).chat(toolRequest('m')));
    }),
    { numRuns: 500 },
  );
});

test("whatever stands in OpenAI's events does, too", async () => {
  await fc.assert(
    fc.asyncProperty(messages, finish, async (parts, finish_reason) => {
      const events = parts.map((delta) => ({ choices: [{ delta, finish_reason: null }] }));
      const all = [...events, { choices: [{ delta: {}, finish_reason }] }];
      const body = `${all.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
      await endsWell(createOpenAiModel({ baseUrl: 'http://m.example', fetch: answering(body) }).chat(toolRequest('m')));
    }),
    { numRuns: 500 },
  );
});
