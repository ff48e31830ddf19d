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
    { role: 'user', content: expect.stringMatching(/winner: .*"X"\|"Y"/) },
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
    message: expect.stringMatching(/a: the answer contains no complete JSON object; .*b: /),
  });
  expect(stages().at(-1)).toEqual(['b', 'gave-up', false]);
  expect(stages()).toHaveLength(5);
});

test('an answer that was cut off is refused even when it parses', async () => {
  const model = scriptedModel('ollama', says('{"winner":"X"} and', { finishReason: 'length' }), says('{"winner":"Y"}'));
  const { value } = await chatStructured(open(model).client, call(), choice);
  expect(value).toEqual({ winner: 'Y' });
  expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/cut off/);
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
