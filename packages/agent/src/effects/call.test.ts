import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import type { EffectClass } from '@parley/contracts/run';
import type { StoredEvent } from '@parley/spine';
import { z } from 'zod';
import { type ToolContext, tool } from '../tool.ts';
import { createCall } from './call.ts';

const input = z.strictObject({ text: z.string() });

/** Makes the call of a run that asked for it, with a tool that does what is told. */
function call(
  run: (text: string, context: ToolContext) => unknown,
  { effect = 'read', edited, timeoutMs = 5_000 }: { effect?: EffectClass; edited?: object; timeoutMs?: number } = {},
) {
  const one = tool({
    ...{ name: 'one', description: 'One.', input, effect, timeoutMs },
    run: ({ text }, context) => run(text, context) as string,
  });
  const agent = {
    name: 'a',
    version: 1,
    title: '',
    description: '',
    examples: [],
    role: '',
    goal: '',
    constraints: [],
  };
  const events = [
    { type: 'run-started.v1', data: { agent: 'a', version: 1, input: 'x', limits: {}, deadlineAt: 1 } },
    { type: 'thought.v1', data: { thought: 1, calls: [{ tool: 'one', args: { text: 'said' }, argsHash: 'a' }] } },
    { type: 'call-started.v1', data: { call: '1.1', tool: 'one', attempt: 1, ...(edited && { args: edited }) } },
  ];
  const handler = createCall({
    findAgent: () => ({ ...agent, tools: [one] }),
    readStreams: async () =>
      events.map((event, i) => ({ stream: 'r', seq: i + 1, ...event }) as unknown as StoredEvent),
  });
  const effectCall = { stream: 'r', effect: { type: 'call', data: { call: '1.1', tool: 'one', attempt: 1 } } };
  return handler({ ...effectCall, signal: AbortSignal.timeout(10_000) } as unknown as Parameters<typeof handler>[0]);
}

test('the tool gets the arguments of the thought, or those of a person, and the same key every time', async () => {
  const keys = new Set<string>();
  const told = (text: string, { key }: ToolContext) => {
    keys.add(key);
    return text;
  };
  expect(await call(told)).toMatchObject({ output: 'said', cutCharacters: 0 });
  expect(await call(told, { edited: { text: 'edited' } })).toMatchObject({ output: 'edited' });
  expect(keys.size).toBe(1);
  await expect(call(told, { edited: { text: 7 } })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('what it answers is text, JSON or cut, and its hash is of all of it', async () => {
  expect(await call(() => ({ price: 7 }))).toMatchObject({ output: '{"price":7}' });
  const [a, b] = await Promise.all(['a', 'b'].map((end) => call(() => 'x'.repeat(100_000) + end)));
  expect(a).toMatchObject({ output: 'x'.repeat(100_000), cutCharacters: 1 });
  expect(a).not.toEqual(b);
});

test.each([
  ['read', 'TOOL_FAILED'],
  ['idempotent', 'TOOL_FAILED'],
  ['once', 'TOOL_OUTCOME_UNKNOWN'],
] as const)('what a tool that is %s throws is %s; its own refusal is told as it is', async (effect, code) => {
  const broken = () => {
    throw new Error('reset');
  };
  await expect(call(broken, { effect })).rejects.toMatchObject({ code, message: expect.stringContaining('reset') });
  const refusing = () => {
    throw new ParleyError('BAD_REQUEST', 'No such address.');
  };
  await expect(call(refusing, { effect })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test.each([
  ['read', 'TOOL_TIMEOUT'],
  ['once', 'TOOL_OUTCOME_UNKNOWN'],
] as const)('one that is %s and takes too long is not waited for: %s', async (effect, code) => {
  const forever = () => new Promise(() => {});
  await expect(call(forever, { effect, timeoutMs: 20 })).rejects.toMatchObject({ code });
});
