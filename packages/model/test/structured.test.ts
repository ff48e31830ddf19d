import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { z } from 'zod';
import {
  type ChatCall,
  chatStructured,
  createModelClient,
  createRehearsalModel,
  type Model,
  type ModelEvent,
} from '../src/index.ts';
import { fails, hangs, says, scriptedModel } from './scripted-model.ts';

const mark = z.int().min(1).max(10);
const scores = z.object({ argument: mark, evidence: mark, rebuttal: mark, clarity: mark });
const verdict = z.object({
  winner: z.enum(['X', 'Y', 'contested']),
  scores: z.object({ X: scores, Y: scores }),
  reason: z.string().max(400),
});
const choice = z.object({ winner: z.enum(['X', 'Y']) });

function open(ollama: Model) {
  const events: ModelEvent[] = [];
  const models = { ollama, openai: undefined, rehearsal: createRehearsalModel() };
  const client = createModelClient({ models, onEvent: (event) => events.push(event) });
  const stages = () =>
    events.flatMap((event) => (event.type === 'structured' ? [[event.model, event.stage, event.isAccepted]] : []));
  return { client, stages };
}

function call(more: Partial<ChatCall> = {}): ChatCall {
  return {
    models: ['a'],
    messages: [{ role: 'user', content: 'Who won?' }],
    purpose: { kind: 'judge', topic: 'Bicycles' },
    maxTokens: 400,
    contextTokens: 2_048,
    budgetMs: 10_000,
    fairKey: 'debate-1',
    signal: new AbortController().signal,
    ...more,
  };
}

test('the first answer is taken out of whatever stands around it', async () => {
  const model = scriptedModel('ollama', says('Gladly:\n```json\n{"winner":"X"}\n```'));
  const { client, stages } = open(model);
  expect(await chatStructured(client, call(), choice)).toMatchObject({ value: { winner: 'X' }, rejected: 0 });
  expect(stages()).toEqual([['a', 'first', true]]);
  expect(model.requests[0]?.schema).toMatchObject({ type: 'object', required: ['winner'] });
});

test('an answer of the wrong shape is asked for once again with the issues', async () => {
  const model = scriptedModel('ollama', says('{"winner":"Z"}'), says('{"winner":"Y"}'));
  const { client, stages } = open(model);
  expect(await chatStructured(client, call(), choice)).toMatchObject({ value: { winner: 'Y' }, rejected: 1 });
  expect(stages()).toEqual([
    ['a', 'first', false],
    ['a', 'asked-again', true],
  ]);
  expect(model.requests[1]?.messages.slice(1)).toEqual([
    { role: 'assistant', content: '{"winner":"Z"}' },
    { role: 'user', content: expect.stringMatching(/winner must be one of "X", "Y", not "Z"/) },
  ]);
});

test('the next model comes after two refused answers, with the plain question', async () => {
  const model = scriptedModel('ollama', says('no'), says('still no'), says('{"winner":"Y"}'));
  const { client, stages } = open(model);
  const { result, rejected } = await chatStructured(client, call({ models: ['a', 'b'] }), choice);
  expect([result.model, rejected]).toEqual(['b', 2]);
  expect(stages()).toEqual([
    ['a', 'first', false],
    ['a', 'asked-again', false],
    ['b', 'first', true],
  ]);
  expect(model.requests[2]?.messages).toHaveLength(1);
});

test('when no model can do it the failure is typed and says why', async () => {
  const { client, stages } = open(scriptedModel('ollama', says('no')));
  await expect(chatStructured(client, call({ models: ['a', 'b'] }), choice)).rejects.toMatchObject({
    code: 'MODEL_GARBAGE',
    retryable: false,
    message: expect.stringMatching(/a: the answer contains no JSON object; .*b: /),
  });
  expect(stages().at(-1)).toEqual(['b', 'gave-up', false]);
  expect(stages()).toHaveLength(5);
});

test('an answer that was cut off in its object is refused, one with a whole object counts', async () => {
  const cut = { finishReason: 'length' } as const;
  const model = scriptedModel('ollama', says('{"winner":"X"', cut), says('{"winner":"Y"} and so on and', cut));
  const { value, rejected } = await chatStructured(open(model).client, call(), choice);
  expect([value, rejected]).toEqual([{ winner: 'Y' }, 1]);
  expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/cut off/);
});

test.each([
  ['a comma too many', (json: string) => json.replace(/\}/g, ',}')],
  ['smart quotes', (json: string) => json.replace(/"/g, '\u201d')],
  ['a reason that is too long', (json: string) => json.replace('Because.', 'Because it is so. '.repeat(60))],
  ['marks as texts', (json: string) => json.replace(/6/g, '"6/10"')],
  ['a winner in words', (json: string) => json.replace('"X","scores', '"Team x","scores')],
  ['keys of another spelling', (json: string) => json.replace('winner', 'Winner').replace(/argument/g, 'Argument')],
  [
    'words and a fence around it',
    (json: string) => `Here is my ruling:\n\`\`\`json\n${json}\n\`\`\`\nI hope it helps.`,
  ],
  ['thoughts with a draft before it', (json: string) => `<think>{"winner":"Y"}</think>${json}`],
  ['a key twice, the last of which counts', (json: string) => json.replace('{"winner"', '{"winner":"Y","winner"')],
  ['an object around it', (json: string) => `{"ruling":${json}}`],
])('a ruling with %s counts at once', async (_, spoil) => {
  const scoresOf = { argument: 6, evidence: 6, rebuttal: 6, clarity: 6 };
  const ruling = { winner: 'X', scores: { X: scoresOf, Y: scoresOf }, reason: 'Because.' };
  const model = scriptedModel('ollama', says(spoil(JSON.stringify(ruling))));
  const { value, rejected } = await chatStructured(open(model).client, call(), verdict);
  expect(rejected).toBe(0);
  expect(value).toMatchObject({ winner: 'X', scores: { X: scoresOf } });
});

test('a mark that is no number is told as what it is', async () => {
  const marks = '{"argument":NaN,"evidence":11,"rebuttal":6}';
  const model = scriptedModel('ollama', says(`{"winner":"X","scores":{"X":${marks},"Y":${marks}},"reason":"r"}`));
  await expect(chatStructured(open(model).client, call(), verdict)).rejects.toMatchObject({
    message: expect.stringMatching(
      /scores\.X\.argument must be a number, not "NaN".*scores\.X\.evidence must be at most 10, not 11.*scores\.X\.clarity is missing/,
    ),
  });
});

test('a spelling that the caller knows counts', async () => {
  const model = scriptedModel('ollama', says('{"winner":"the first"}'));
  const { value } = await chatStructured(open(model).client, call(), choice, { spellings: { first: 'X' } });
  expect(value).toEqual({ winner: 'X' });
});

test('a failure after a refused answer still leaves the next model', async () => {
  const model = scriptedModel(
    'ollama',
    says('no'),
    fails(new ParleyError('MODEL_REFUSED', 'No.')),
    says('{"winner":"X"}'),
  );
  const { result } = await chatStructured(open(model).client, call({ models: ['a', 'b'] }), choice);
  expect(result.model).toBe('b');
});

test('a model that cannot be asked at all is that failure, not garbage', async () => {
  const model = scriptedModel('ollama', fails(new ParleyError('MODEL_REFUSED', 'No.')));
  await expect(chatStructured(open(model).client, call(), choice)).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
  await expect(chatStructured(open(model).client, call({ models: ['a', 'b'] }), choice)).rejects.toMatchObject({
    code: 'MODELS_EXHAUSTED',
  });
});

test('the budget is one for the whole ladder, and an abort ends it', async () => {
  const model = scriptedModel('ollama', says('no'), hangs());
  await expect(chatStructured(open(model).client, call({ budgetMs: 20 }), choice)).rejects.toMatchObject({
    code: 'MODEL_TIMEOUT',
  });
  const controller = new AbortController();
  const answer = chatStructured(
    open(scriptedModel('ollama', hangs())).client,
    call({ signal: controller.signal }),
    choice,
  );
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('the rehearsal judge fits the verdict schema, its garbage does not', async () => {
  const { client, stages } = open(scriptedModel('ollama', says('x')));
  const transcript = [
    { side: 'pro', round: 1, text: 'In 1998 a study measured twelve towns and found falling costs.' },
    { side: 'con', round: 1, text: 'It is bad and it is bad and it is bad.' },
  ] as const;
  const purpose = { kind: 'judge', topic: 'Bicycles', transcript } as const;
  const { value } = await chatStructured(client, call({ models: ['rehearsal'], purpose }), verdict);
  expect(value.winner).toBe('X');
  await expect(chatStructured(client, call({ models: ['rehearsal:garbage'], purpose }), verdict)).rejects.toMatchObject(
    {
      code: 'MODEL_GARBAGE',
    },
  );
  expect(stages().map(([, stage]) => stage)).toEqual(['first', 'first', 'asked-again', 'gave-up']);
});
