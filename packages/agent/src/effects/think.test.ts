import { describe, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import type { ChatCall, ChatResult, ModelClient } from '@parley/model';
import type { StoredEvent } from '@parley/spine';
import { builtinAgents } from '../builtin-agents.ts';
import { createThink } from './think.ts';

const result: ChatResult = {
  ...{ text: '', model: 'm', provider: 'ollama', finishReason: 'stop', inputTokens: 9, outputTokens: 1 },
} as ChatResult;

/** A model client that answers as it is told, and keeps what it was asked. */
function modelThat(answer: (call: ChatCall) => Partial<ChatResult>) {
  const asked: ChatCall[] = [];
  const model: ModelClient = {
    chat: async (call: ChatCall) => {
      asked.push(call);
      return { ...result, ...answer(call) };
    },
  } as unknown as ModelClient;
  return { asked, model };
}

const log = (...more: object[]): StoredEvent[] =>
  [
    {
      type: 'run-started.v1',
      data: { agent: 'calculator', version: 1, input: '10 times 99', limits: {}, deadlineAt: 60_000 },
    },
    ...more,
  ].map((event, i) => ({ stream: 'r', seq: i + 1, ...event }) as unknown as StoredEvent);

function think(model: ModelClient, data: object = { thought: 1 }, events = log(), now = 0) {
  const handler = createThink({
    ...{ model, models: ['m'], contextTokens: 4_096, maxTokens: 100, budgetMs: 10_000 },
    findAgent: (name) => builtinAgents.find((agent) => agent.name === name),
    readStreams: async () => events,
    now: () => now,
  });
  const call = { stream: 'r', effect: { type: 'think', data }, signal: AbortSignal.timeout(5_000) };
  return handler(call as unknown as Parameters<typeof handler>[0]);
}

describe('a thought', () => {
  test('is asked for with the tools of the agent, and its calls are checked', async () => {
    const call = {
      ok: true,
      name: 'calculator',
      arguments: { expression: '10*99' },
      isRepaired: false,
      isFromText: false,
    } as const;
    const { asked, model } = modelThat(() => ({ toolCalls: [call] }));
    expect(await think(model)).toMatchObject({
      calls: [{ tool: 'calculator', args: { expression: '10*99' }, effectClass: 'read', needsApproval: false }],
      usage: { inputTokens: 9, outputTokens: 1 },
    });
    expect(asked[0]).toMatchObject({
      budgetMs: 10_000,
      tools: [{ name: 'calculator', parameters: { required: ['expression'] } }],
      messages: [{ role: 'system' }, { role: 'user', content: '10 times 99' }],
    });
  });

  test('is asked for in words where the server takes no tools', async () => {
    const { asked, model } = modelThat(({ tools }) => {
      if (tools !== undefined) throw new ParleyError('MODEL_WITHOUT_TOOLS', 'It takes none.');
      return { text: '{"calls": [{"tool": "calculator", "arguments": {"expression": "10*99"}}]}' };
    });
    const before = [
      {
        type: 'thought.v1',
        data: { thought: 1, text: '', calls: [{ tool: 'calculator', args: { expression: '1' }, argsHash: 'a' }] },
      },
      { type: 'call-succeeded.v1', data: { call: '1.1', output: '1', cutCharacters: 0 } },
    ];
    const thought = await think(model, { thought: 2 }, log(...before));
    expect(thought).toMatchObject({ text: '', calls: [{ tool: 'calculator', args: { expression: '10*99' } }] });
    const { messages, schema } = asked[1] as ChatCall;
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'user']);
    expect(messages[3]?.content).toBe('"calculator" answered: 1');
    expect(schema).toBeDefined();
  });

  test('that is the last is asked for without tools, and told why; so is what was wrong before', async () => {
    const { asked, model } = modelThat(() => ({ text: '990' }));
    await think(model, { thought: 3, isLast: 'LOOPING', lastFailure: 'it said nothing' });
    expect(asked[0]?.tools).toBeUndefined();
    const said = asked[0]?.messages.slice(2).map(({ content }) => content);
    expect(said).toEqual([expect.stringContaining('it said nothing'), expect.stringContaining('same results')]);
  });

  test('is not asked for after the deadline, nor of an agent that is not here', async () => {
    const { model } = modelThat(() => ({ text: '990' }));
    await expect(think(model, { thought: 1 }, log(), 60_000)).rejects.toMatchObject({ code: 'MODEL_TIMEOUT' });
    const other = log().map((event) => ({ ...event, data: { ...(event.data as object), agent: 'nobody' } }));
    await expect(think(model, { thought: 1 }, other as StoredEvent[])).rejects.toMatchObject({ code: 'AGENT_UNKNOWN' });
  });
});
