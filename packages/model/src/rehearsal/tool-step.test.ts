import { expect, test } from '@jest/globals';
import type { ChatMessage, ChatRequest } from '../model.ts';
import type { ToolDefinition } from '../tool.ts';
import { arithmeticIn } from './arithmetic.ts';
import { toolStep } from './tool-step.ts';

const oneOf = (name: string, properties: object, required = Object.keys(properties)): ToolDefinition => {
  return { name, description: '', parameters: { type: 'object', properties, required } };
};
const calculator = oneOf('calculator', { expression: { type: 'string' } });
const mail = oneOf('send_mail', { to: { type: 'string' }, text: { type: 'string' }, urgent: true }, ['to', 'text']);
const weather = oneOf('getWeather', { days: { type: 'integer' }, unit: { enum: ['C', 'F'] } });
const fetch = oneOf('fetch', { url: { type: 'string', format: 'uri' } });
const anything = {
  name: 'anything',
  description: '',
  parameters: { required: ['what', 3], properties: { what: true } },
};

function step(wish: string, tools: readonly ToolDefinition[], ...since: readonly ChatMessage[]) {
  const request: ChatRequest = {
    model: 'rehearsal',
    messages: [{ role: 'system', content: 'Use the calculator.' }, { role: 'user', content: wish }, ...since],
    purpose: { kind: 'turn', topic: 'Sums' },
    maxTokens: 100,
    contextTokens: 1_000,
    tools,
    signal: new AbortController().signal,
  };
  const next = toolStep(request);
  return next !== undefined && 'call' in next ? { [next.call.name]: next.given } : next?.text;
}
const made = (name: string, given: object, content: string): readonly ChatMessage[] => [
  { role: 'assistant', content: '', toolCalls: [{ name, arguments: { ...given } }] },
  { role: 'tool', toolName: name, content },
];

test.each([
  ['10 times 99', [calculator], { calculator: { expression: '10 * 99' } }],
  ['Calculate it', [calculator], { calculator: { expression: 'Calculate it' } }],
  ['How is the weather in 3 days?', [calculator, weather], { getWeather: { days: 3, unit: 'C' } }],
  ['Mail Tea to a@b.example', [mail], { send_mail: { to: 'a@b.example', text: 'Mail Tea to a@b.example' } }],
  ['Fetch https://a.example/x?y=1 now', [calculator, fetch], { fetch: { url: 'https://a.example/x?y=1' } }],
  ['Anything goes', [anything as unknown as ToolDefinition], { anything: { what: null } }],
])('%s', (wish, tools, call) => {
  expect(step(wish, tools)).toEqual(call);
});

test('one tool after the other is called, and then their results are quoted', () => {
  const wish = 'Calculate the product of 10 and 99 and mail it to me';
  const tools = [mail, calculator];
  const mailed = { to: 'somebody@example.org', text: 'Calculate the product of 10 and 99 and mail it to me' };
  expect(step(wish, tools)).toEqual({ send_mail: mailed });
  const expression = '10 * 99';
  expect(step(wish, [calculator, mail])).toEqual({ calculator: { expression } });
  const first = made('calculator', { expression }, '990');
  expect(step(wish, [calculator, mail], ...first)).toEqual({ send_mail: { ...mailed, text: '990' } });
  const second = made('send_mail', mailed, 'sent');
  const end = 'This is a rehearsal without a model: calculator answered "990", send_mail answered "sent".';
  expect(step(wish, [calculator, mail], ...first, ...second)).toBe(end);
  expect(step(wish, [], ...first, ...second)).toBe(end);
});

test('a request that names no tool is told so, and one without tools is none of its business', () => {
  expect(step('Good morning', [calculator, mail])).toBe(
    'This is a rehearsal without a model: the request names none of the tools calculator, send_mail.',
  );
  expect(step('10 times 99', [])).toBeUndefined();
});

test('only what came since the last message of the user counts', () => {
  const earlier = made('calculator', {}, '990');
  expect(step('10 times 99', [calculator], ...earlier, { role: 'user', content: 'and 2 plus 3?' })).toEqual({
    calculator: { expression: '2 + 3' },
  });
});

test.each([
  ['10*99', '10 * 99'],
  ['-1.5 minus 2', '-1.5 - 2'],
  ['6 ÷ 3', '6 / 3'],
  ['the sum of 1 and 2', '1 + 2'],
  ['on 2026-11-30', undefined],
  ['10 or 99', undefined],
])('the arithmetic in %s is %s', (text, expression) => {
  expect(arithmeticIn(text)).toBe(expression);
});
