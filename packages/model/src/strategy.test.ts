import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { exhausted, inPriority, modelsOf, nextModel } from './strategy.ts';

const hooks = { mayMoveOn: () => true, onMove: () => undefined };
const fails = (code: 'MODEL_REFUSED' | 'MODEL_OVERLOADED', options = {}) =>
  new ParleyError(code, `${code} it is.`, options);

test('excluding one model leaves another whose name begins alike', () => {
  const models = ['qwen2.5:7b-instruct', 'qwen2.5:7b', 'qwen2.5'];
  expect(nextModel(models, new Set(['qwen2.5:7b-instruct']))).toBe('qwen2.5:7b');
  expect(nextModel(models, new Set(['qwen2.5:7b']))).toBe('qwen2.5:7b-instruct');
  expect(nextModel(models, new Set(models))).toBeUndefined();
});

test('the list is tried in its own order, each name once', async () => {
  const tried: string[] = [];
  const answer = inPriority(['b', 'a', 'b', 'c'], hooks, async (model) => {
    tried.push(model);
    if (model !== 'c') throw fails('MODEL_REFUSED');
    return model;
  });
  expect(await answer).toBe('c');
  expect(tried).toEqual(['b', 'a', 'c']);
});

test('when none is left the error names every model and why', async () => {
  const answer = inPriority(['a', 'b'], hooks, async (model) => {
    throw fails(model === 'a' ? 'MODEL_REFUSED' : 'MODEL_OVERLOADED', { retryable: model === 'b', retryAfterMs: 50 });
  });
  await expect(answer).rejects.toMatchObject({
    code: 'MODELS_EXHAUSTED',
    retryable: true,
    retryAfterMs: 50,
    message:
      'None of 2 models gave an answer: a (MODEL_REFUSED: MODEL_REFUSED it is.); b (MODEL_OVERLOADED: MODEL_OVERLOADED it is.)',
  });
});

test('a single model gives its own error, an empty list says so', async () => {
  const one = inPriority(['a'], hooks, async () => {
    throw fails('MODEL_REFUSED');
  });
  await expect(one).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
  await expect(inPriority([], hooks, async () => 1)).rejects.toMatchObject({ code: 'MODELS_EXHAUSTED' });
  expect(exhausted([]).message).toMatch(/empty/);
});

test('the default strategy uses the first model only', () => {
  expect(modelsOf('default', ['a', 'b'])).toEqual(['a']);
  expect(modelsOf('priority', ['a', 'b'])).toEqual(['a', 'b']);
});
