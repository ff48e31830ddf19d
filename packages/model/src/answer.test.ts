import { expect, test } from '@jest/globals';
import { type Answer, openAnswer } from './answer.ts';
import type { ChatRequest } from './model.ts';

function open(more: Partial<ChatRequest> = {}): Answer {
  return openAnswer('rehearsal', {
    model: 'rehearsal',
    messages: [{ role: 'user', content: '12345678' }],
    purpose: { kind: 'turn', topic: 'x' },
    maxTokens: 10,
    contextTokens: 100,
    signal: new AbortController().signal,
    ...more,
  });
}

test('200 white space characters in a row are too many, however they are cut', () => {
  for (const pieces of [
    ['a', ' '.repeat(200)],
    [`a${' '.repeat(120)}`, `${' '.repeat(80)}b`],
    [`a${'\n '.repeat(100)}b`],
  ]) {
    const answer = open();
    expect(() => {
      for (const piece of pieces) answer.add(piece);
    }).toThrow(/white space/);
  }
});

test('199 in a row are not, and words begin the count anew', () => {
  const answer = open();
  for (let n = 0; n < 5; n += 1) answer.add(`${' '.repeat(100)}a${' '.repeat(99)}`);
  expect(answer.end({ finishReason: 'stop' }).text).toHaveLength(1_000);
});

test('counts that the server does not give are estimated', () => {
  const answer = open();
  answer.add('12345');
  expect(answer.end({ finishReason: 'stop' })).toMatchObject({ inputTokens: 2, outputTokens: 2 });
});

test('text beyond the bound is not published, and the answer ends with a sentence', () => {
  let heard = '';
  const answer = open({
    onText: (text) => {
      heard += text;
    },
  });
  let pieces = 0;
  while (answer.add('And so it goes. ')) pieces += 1;
  expect(pieces).toBeLessThan(70);
  const { text, finishReason, oddities } = answer.end({ finishReason: 'stop' });
  expect(heard).toHaveLength(1_000);
  expect(heard.startsWith(text)).toBe(true);
  expect(text.endsWith('goes.')).toBe(true);
  expect([finishReason, oddities]).toEqual(['length', expect.arrayContaining(['cut'])]);
});

test('thoughts whose beginning stood in the prompt are taken back when their end comes', () => {
  const heard: string[] = [];
  const hooks = { onText: (text: string) => heard.push(text), onRestart: () => heard.push('RESTART') };
  const answer = open(hooks);
  for (const piece of ['I doubt it. ', 'But well.</thi', 'nk>\n\nTea', ' calms.']) answer.add(piece);
  expect(answer.end({ finishReason: 'stop' })).toMatchObject({ text: 'Tea calms.', reasoningTokens: 6 });
  expect(heard).toEqual(['I doubt it. ', 'But well.', 'RESTART', 'Tea', ' calms.']);
});

test('an answer without a word at its limit was spent on hidden thoughts, one without it said nothing', () => {
  const message = (end: Parameters<Answer['end']>[0]): string => {
    try {
      open().end(end);
    } catch (thrown) {
      return (thrown as Error).message;
    }
    return '';
  };
  expect(message({ finishReason: 'length', outputTokens: 400 })).toMatch(/about 400 tokens on thoughts/);
  expect(message({ finishReason: 'stop', reasoningTokens: 12 })).toMatch(/about 12 tokens on thoughts/);
  expect(message({ finishReason: 'stop' })).toMatch(/without any text/);
});

const tools = [{ name: 'clock', description: 'Says the time.', parameters: { type: 'object' } }];

test('tools, calls in the history and calls of the answer count where the server does not', () => {
  const called = { role: 'assistant', content: '', toolCalls: [{ name: 'clock', arguments: { a: 'b' } }] } as const;
  const inputOf = (more: Partial<ChatRequest>): number => {
    const answer = open({ tools, ...more });
    answer.call([{ function: { name: 'clock', arguments: { zone: 'x'.repeat(400) } } }]);
    const { inputTokens, outputTokens } = answer.end({ finishReason: 'stop' });
    expect(outputTokens).toBeGreaterThan(100);
    return inputTokens;
  };
  const plain = inputOf({ messages: [] });
  expect(plain).toBeGreaterThan(15);
  expect(inputOf({ messages: [called] })).toBeGreaterThan(plain + 5);
});

test('a text that could be a call is the answer where JSON was asked for', () => {
  const text = '{"name":"clock","arguments":{}}';
  for (const [schema, isCall] of [[undefined, true] as const, [{ type: 'object' }, false] as const]) {
    const answer = open({ tools, ...(schema === undefined ? {} : { schema }) });
    answer.add(text);
    const result = answer.end({ finishReason: 'stop' });
    expect([result.text, result.toolCalls?.length]).toEqual(isCall ? ['', 1] : [text, undefined]);
  }
});
