import { expect, test } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { createModelClient, createRehearsalModel } from '@parley/model';
import { traceEmbedding } from '@parley/runtime';
import { recordSpans } from './span-recorder.ts';

const recorder = recordSpans();
const models = { ollama: undefined, openai: undefined, rehearsal: createRehearsalModel() };
const call = {
  inputs: ['A secret text.', 'Another one.'],
  budgetMs: 1_000,
  fairKey: 'd',
  signal: new AbortController().signal,
  aroundRequest: traceEmbedding,
};

test('a request for embeddings is a client span without its texts, under what asked for it', async () => {
  const client = createModelClient({ models });
  await trace.getTracer('test').startActiveSpan('effect', async (span) => {
    await client.embed({ ...call, model: 'rehearsal:embed' });
    span.end();
  });
  const [embedding, effect] = recorder.spans();
  expect(embedding).toMatchObject({
    name: 'embeddings rehearsal:embed',
    parentSpanId: effect?.spanId,
    attributes: {
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.provider.name': 'rehearsal',
      'gen_ai.request.model': 'rehearsal:embed',
      'gen_ai.response.model': 'rehearsal:embed',
      'gen_ai.usage.input_tokens': 7,
    },
  });
  expect(JSON.stringify(recorder.spans())).not.toContain('secret');
});
