import { expect, test } from '@jest/globals';
import { defaultPolicy } from '@parley/model';
import { Registry } from 'prom-client';
import { openAgentModel, policyOf } from './agent-model.ts';
import { agentEnv, modelEnv } from './env.ts';
import { silentLogger } from './logger.ts';

test('a model that no server has is a warning of readiness, looked at now and then; the process begins all the same', async () => {
  const to = { registry: new Registry(), logger: silentLogger };
  // Nothing listens on the discard port.
  const servers = { KAFKA_BROKERS: '127.0.0.1:9092', DATABASE_URL: 'postgres://127.0.0.1/none' };
  const model = { PARLEY_MODEL: 'ollama/nobody-pulled-it', OLLAMA_HOST: 'http://127.0.0.1:9' };
  const env = agentEnv.parse({ ...servers, ...model });
  const { models, modelReady } = await openAgentModel(env, to);
  expect(models).toEqual(['ollama/nobody-pulled-it']);
  const first = await modelReady();
  expect(first).toEqual({ warning: expect.stringMatching(/^ollama\/nobody-pulled-it: .*127\.0\.0\.1:9/) });
  expect(await modelReady()).toEqual(first);
});

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
