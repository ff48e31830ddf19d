import { expect, test } from '@jest/globals';
import {
  type ChatMessage,
  createOllamaModel,
  createOpenAiModel,
  createRehearsalModel,
  type Fetch,
} from '../src/index.ts';
import { openReplay } from './replay.ts';
import { type Named, toolContract, toolRequest, tools } from './tool-contract.ts';
import { type ToolShape, toolShapes } from './tool-shapes.ts';

const onOllama: Named = {
  'one call': 'tools-recorded',
  'a call beside the end': 'tools-with-end',
  'a whole call in one chunk, with the reason "stop"': 'tools-one',
  'arguments in pieces': null,
  'id and name repeated with every piece, or empty': null,
  'an index that grows with every piece': null,
  'no ids': 'tools-one',
  'arguments as a text': 'tools-string',
  'arguments as an object': 'tools-one',
  'arguments as a text within a text': null,
  'two calls': 'tools-recorded-two',
  'two calls behind a text': 'tools-two',
  'two calls whose pieces alternate': null,
  'two calls with ids at one index': null,
  'two calls without ids at one index': null,
  'two calls of one tool': 'tools-two-alike',
  'two calls of one tool, with one id and one index': null,
  'malformed arguments': null,
  'a sentence as arguments': null,
  'two objects as the arguments of one call': null,
  'arguments cut without a word of it': null,
  'arguments cut at the limit': null,
  'no object as arguments': 'tools-no-object',
  'no arguments, needed and not': 'tools-none-given',
  'a key too many, a number as a text': 'tools-loose',
  'a tool that is not offered': 'tools-unknown',
  'a call that is the whole text': 'tools-in-text',
  'a call that is the whole text, without what it needs': 'tools-in-text-empty',
  'a call within a text': 'tools-in-prose',
  'a call in the text, cut at the limit': 'tools-in-text-cut',
  'a call that the server could not read': 'tools-unread',
  'a call that the server could not read, before the answer began': 'tools-unread-at-once',
  'a call whose answer broke off': 'tools-one!cut',
  'no support for tools': 'tools-refused',
};

const onOpenAi: Named = {
  'one call': 'openai-tools-recorded',
  'a call beside the end': 'openai-tools-unstreamed',
  'a whole call in one chunk, with the reason "stop"': 'openai-tools-one',
  'arguments in pieces': 'openai-tools-streamed',
  'id and name repeated with every piece, or empty': 'openai-tools-repeated',
  'an index that grows with every piece': 'openai-tools-index-grows',
  'no ids': 'openai-tools-no-id',
  'arguments as a text': 'openai-tools-one',
  'arguments as an object': 'openai-tools-object',
  'arguments as a text within a text': 'openai-tools-twice-encoded',
  'two calls': 'openai-tools-recorded-two',
  'two calls behind a text': null,
  'two calls whose pieces alternate': 'openai-tools-interleaved',
  'two calls with ids at one index': 'openai-tools-same-index',
  'two calls without ids at one index': 'openai-tools-same-index-no-id',
  'two calls of one tool': null,
  'two calls of one tool, with one id and one index': 'openai-tools-two-alike',
  'malformed arguments': 'openai-tools-malformed',
  'a sentence as arguments': 'openai-tools-prose',
  'two objects as the arguments of one call': 'openai-tools-glued',
  'arguments cut without a word of it': 'openai-tools-cut',
  'arguments cut at the limit': 'openai-tools-cut-length',
  'no object as arguments': 'openai-tools-no-object',
  'no arguments, needed and not': 'openai-tools-none-given',
  'a key too many, a number as a text': 'openai-tools-loose',
  'a tool that is not offered': 'openai-tools-unknown',
  'a call that is the whole text': 'openai-tools-in-text',
  'a call that is the whole text, without what it needs': null,
  'a call within a text': 'openai-tools-in-prose',
  'a call in the text, cut at the limit': 'openai-tools-in-text-cut',
  'a call that the server could not read': 'openai-tools-unread',
  'a call that the server could not read, before the answer began': 'openai-tools-unread-at-once',
  'a call whose answer broke off': 'openai-tools-broken',
  'no support for tools': 'openai-tools-refused',
};

const nowhere = Object.fromEntries(Object.keys(toolShapes).map((shape) => [shape, null])) as Record<ToolShape, null>;
const inRehearsal: Named = { ...nowhere, 'one call': 'rehearsal', 'a sentence as arguments': 'rehearsal:garbage' };

toolContract('Ollama, replayed', onOllama, 'bytes-too', async () => {
  const replay = await openReplay();
  return { model: createOllamaModel({ baseUrl: replay.baseUrl }), close: replay.close };
});

toolContract('OpenAI, replayed', onOpenAi, 'bytes-too', async () => {
  const replay = await openReplay();
  return { model: createOpenAiModel({ baseUrl: `${replay.baseUrl}/v1` }), close: replay.close };
});

toolContract('rehearsal', inRehearsal, 'whole', async () => {
  return { model: createRehearsalModel(), close: async () => undefined };
});

test('every shape is seen on a wire', () => {
  for (const shape of Object.keys(toolShapes) as ToolShape[]) {
    expect([shape, onOllama[shape] ?? onOpenAi[shape]]).toEqual([shape, expect.any(String)]);
  }
});

const history: readonly ChatMessage[] = [
  { role: 'user', content: '10 times 99, and the weather?' },
  {
    role: 'assistant',
    content: '',
    toolCalls: [
      { name: 'calculator', arguments: { expression: '10 * 99' } },
      { name: 'weather', arguments: { city: 'Bern' } },
    ],
  },
  { role: 'tool', toolName: 'calculator', content: '990' },
  { role: 'tool', toolName: 'weather', content: 'Rain.' },
];
const wireTools = tools.map((tool) => ({ type: 'function', function: tool }));

test('Ollama gets the tools, and calls and results in their order', async () => {
  const replay = await openReplay();
  const model = createOllamaModel({ baseUrl: replay.baseUrl });
  await model.chat(toolRequest('chat-stream', { messages: history }));
  expect(replay.bodies.at(-1)).toMatchObject({
    tools: wireTools,
    messages: [
      history[0],
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { function: { name: 'calculator', arguments: { expression: '10 * 99' } } },
          { function: { name: 'weather', arguments: { city: 'Bern' } } },
        ],
      },
      { role: 'tool', content: '990', tool_name: 'calculator' },
      { role: 'tool', content: 'Rain.', tool_name: 'weather' },
    ],
  });
  await replay.close();
});

test('a server of OpenAI gets ids of nine letters and digits that bind results to calls', async () => {
  const replay = await openReplay();
  const model = createOpenAiModel({ baseUrl: `${replay.baseUrl}/v1` });
  await model.chat(toolRequest('openai-chat-sse', { messages: history }));
  const [first, second] = ['c00001000', 'c00001001'];
  const call = (id: string | undefined, name: string, given: object) => {
    return { id, type: 'function', function: { name, arguments: JSON.stringify(given) } };
  };
  expect(replay.bodies.at(-1)).toMatchObject({
    tools: wireTools,
    messages: [
      history[0],
      {
        role: 'assistant',
        tool_calls: [call(first, 'calculator', { expression: '10 * 99' }), call(second, 'weather', { city: 'Bern' })],
      },
      { role: 'tool', content: '990', tool_call_id: first },
      { role: 'tool', content: 'Rain.', tool_call_id: second },
    ],
  });
  await replay.close();
});

test.each([
  ['a result without a call', [...history, { role: 'tool', toolName: 'clock', content: '12' }], /Message 5 .*"clock"/],
  ['results in another order', [history[0], history[1], history[3], history[2]], /Message 3 .*"weather"/],
  ['a word before the last result', [...history.slice(0, 3), history[0]], /Message 4 .*"weather"/],
  ['a result that is missing', history.slice(0, 3), /Message 4 .*missing/],
])('%s is a fault of the caller, whatever the server', async (_, messages, message) => {
  for (const model of [
    createOllamaModel({ baseUrl: 'http://127.0.0.1:1' }),
    createOpenAiModel({ baseUrl: 'http://127.0.0.1:1/v1' }),
    createRehearsalModel(),
  ]) {
    const asked = model.chat(toolRequest('rehearsal', { messages: messages as ChatMessage[] }));
    await expect(asked).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringMatching(message) });
  }
});

test('a model that takes no tools is asked for them once, and still without them', async () => {
  const replay = await openReplay();
  for (const [model, name] of [
    [createOllamaModel({ baseUrl: replay.baseUrl }), 'tools-refused'],
    [createOpenAiModel({ baseUrl: `${replay.baseUrl}/v1` }), 'openai-tools-refused'],
  ] as const) {
    const before = replay.bodies.length;
    for (let n = 0; n < 3; n += 1) {
      await expect(model.chat(toolRequest(name))).rejects.toMatchObject({
        code: 'MODEL_WITHOUT_TOOLS',
        message: expect.stringMatching(/takes no tools.*as JSON, or use another model/),
      });
    }
    expect(replay.bodies.length).toBe(before + 1);
    const { tools: _, ...plain } = toolRequest(name);
    await expect(model.chat(plain)).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect(replay.bodies.length).toBe(before + 2);
  }
  await replay.close();
});

test('calls that nobody offered a tool for are no answer', async () => {
  const replay = await openReplay();
  const { tools: _, ...plain } = toolRequest('tools-one');
  await expect(createOllamaModel({ baseUrl: replay.baseUrl }).chat(plain)).rejects.toMatchObject({
    code: 'MODEL_GARBAGE',
    message: expect.stringMatching(/a tool that nobody offered/),
  });
  await replay.close();
});

test.each([
  ['calls', () => ({ function: { name: 'clock', arguments: {} } })],
  [
    'arguments',
    (n: number) => ({ index: 0, function: { ...(n === 0 ? { name: 'clock' } : {}), arguments: ' '.repeat(999) } }),
  ],
])('%s without end are left, and the request with them', async (_, next) => {
  for (const [open, wrap] of [
    [createOllamaModel, (call: object) => `${JSON.stringify({ message: { tool_calls: [call] } })}\n`],
    [
      createOpenAiModel,
      (call: object) => `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: [call] } }] })}\n\n`,
    ],
  ] as const) {
    let sent = 0;
    let isLeft = false;
    const fetch: Fetch = async () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            controller.enqueue(new TextEncoder().encode(wrap(next(sent))));
            sent += 1;
          },
          cancel() {
            isLeft = true;
          },
        }),
      );
    const result = await open({ baseUrl: 'http://models.example', fetch }).chat(toolRequest('any'));
    expect(isLeft).toBe(true);
    expect(sent).toBeLessThan(80);
    expect(result.finishReason).toBe('length');
    expect(result.toolCalls?.at(-1)).toMatchObject({
      ok: false,
      fault: expect.stringMatching(/^(?:TOO_MANY_CALLS|ARGUMENTS_TOO_LONG)$/),
    });
  }
});
