import { expect, test } from '@jest/globals';
import { defaultPolicy } from '@parley/model';
import { policyOf } from './agent-model.ts';
import { modelEnv } from './env.ts';

test("an Ollama that was told nothing serves one call at a time; its server's own variable says more", () => {
  expect(policyOf(modelEnv.parse({}))).toEqual({
    concurrency: defaultPolicy.concurrency,
    warmFirstTokenMs: defaultPolicy.warmFirstTokenMs,
    coldFirstTokenMs: defaultPolicy.coldFirstTokenMs,
  });
  expect(defaultPolicy.concurrency.ollama).toBe(1);
  const env = { OLLAMA_NUM_PARALLEL: '4', PARLEY_FIRST_TOKEN_MS: '90000' };
  expect(policyOf(modelEnv.parse(env))).toMatchObject({
    concurrency: { ollama: 4, openai: defaultPolicy.concurrency.openai },
    warmFirstTokenMs: 90_000,
    coldFirstTokenMs: 90_000,
  });
});
