import { expect, test } from '@jest/globals';
import { conversationOf } from './conversation.ts';
import type { RunEvent } from './domain/run-state.ts';

const proposed = { tool: 'calculator', args: { expression: '1+1' }, argsHash: 'a', effectClass: 'read' } as const;
const thought = (n: number, text: string, calls: readonly object[] = []): RunEvent =>
  ({
    type: 'thought.v1',
    data: {
      agent: 'a',
      thought: n,
      text,
      calls,
      model: 'm',
      isRehearsal: false,
      usage: { inputTokens: 0, outputTokens: 0 },
    },
  }) as RunEvent;
const started = { type: 'run-started.v1', data: { input: 'Add.' } } as RunEvent;

test('results follow their thought in the order of its calls, and what people said comes behind them', () => {
  const one = { ...proposed, needsApproval: false };
  const events: RunEvent[] = [
    started,
    thought(1, 'Let me see.', [one, one]),
    { type: 'call-succeeded.v1', data: { call: '1.2', output: 'second', cutCharacters: 0 } },
    { type: 'message-added.v1', data: { text: 'Be quick.' } },
    { type: 'call-failed.v1', data: { call: '1.1', attempt: 1, code: 'TOOL_TIMEOUT', reason: 'too slow' } },
  ];
  expect(conversationOf(events)).toEqual([
    { role: 'user', content: 'Add.' },
    {
      role: 'assistant',
      content: 'Let me see.',
      toolCalls: [
        { name: 'calculator', arguments: { expression: '1+1' } },
        { name: 'calculator', arguments: { expression: '1+1' } },
      ],
    },
    { role: 'tool', toolName: 'calculator', content: 'It failed (TOOL_TIMEOUT): too slow' },
    { role: 'tool', toolName: 'calculator', content: 'second' },
    { role: 'user', content: 'Be quick.' },
  ]);
});

test('a call of no tool is told in words, a cut is said, and arguments are those that a person set', () => {
  const refused = { tool: 'rm', code: 'UNKNOWN_TOOL', reason: 'There is none.' };
  const edited = { expression: '2+2' };
  const events: RunEvent[] = [
    started,
    thought(1, '', [{ ...proposed, needsApproval: true }, refused]),
    { type: 'call-refused.v1', data: { call: '1.2', code: 'UNKNOWN_TOOL', reason: 'There is none.' } },
    { type: 'call-started.v1', data: { call: '1.1', tool: 'calculator', attempt: 1, args: edited } },
    { type: 'call-succeeded.v1', data: { call: '1.1', output: '4', cutCharacters: 7 } },
  ];
  expect(conversationOf(events).slice(1)).toEqual([
    { role: 'assistant', content: '', toolCalls: [{ name: 'calculator', arguments: edited }] },
    { role: 'tool', toolName: 'calculator', content: '4\n[7 more characters are cut off.]' },
    { role: 'user', content: 'Your call of "rm": It was refused (UNKNOWN_TOOL): There is none.' },
  ]);
});
