import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { ollamaFields } from './ollama-request.ts';
import { openAiFields } from './openai-request.ts';
import { repaired } from './refusable.ts';
import { HttpStatus } from './wire-error.ts';

const refusal = (head: string, status = 400) =>
  new ParleyError('MODEL_REFUSED', 'No.', { cause: new HttpStatus(status, head, head) });
const sent = new Set(openAiFields.map(({ name }) => name));
const fieldIn = (head: string, status?: number) => repaired(refusal(head, status), openAiFields, {}, sent)?.field;

test.each([
  ['response_format', 'This response_format type is unavailable now'],
  ['response_format', 'Structured output is not supported by this model'],
  ['limit', "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."],
  ['temperature', "'temperature' does not support 0, only the default (1)."],
  ['seed', '{"detail":[{"loc":["body","seed"],"msg":"Extra inputs are not permitted"}]}'],
  ['stream_options', 'Unrecognized request argument supplied: stream_options'],
  ['reasoning_effort', 'Unknown name "reasoning_effort": Cannot find field.'],
  ['temperature', '{"error":{"message":"max_tokens is fine, this is not","param":"temperature"}}'],
])('a refusal of %s is found in what the server says', (field, head) => {
  expect(fieldIn(head)).toBe(field);
});

test.each([
  ["This model's maximum context length is 4096 tokens. Reduce max_tokens or the messages.", 400],
  ['Invalid messages: roles must alternate', 400],
  ['temperature of the data centre', 500],
  ['temperature', 401],
])('%s (%i) names no field to leave out', (head, status) => {
  expect(fieldIn(head, status)).toBeUndefined();
});

test('a field goes through its forms and is then left alone, and one that was not sent is none', () => {
  const said = refusal('response_format is not supported');
  const first = repaired(said, openAiFields, {}, sent);
  expect(first?.forms).toEqual({ response_format: 1 });
  const second = repaired(said, openAiFields, first?.forms ?? {}, sent);
  expect(second?.forms).toEqual({ response_format: 2 });
  expect(repaired(said, openAiFields, second?.forms ?? {}, sent)).toBeUndefined();
  expect(repaired(said, openAiFields, {}, new Set(['limit']))).toBeUndefined();
});

test("a refusal of Ollama's fields is found, also of those within its options", () => {
  const all = new Set(ollamaFields.map(({ name }) => name));
  const found = (head: string) => repaired(refusal(head), ollamaFields, {}, all)?.field;
  expect(found('{"error":"\\"tiny\\" does not support thinking"}')).toBe('think');
  expect(found('{"error":"invalid JSON schema in format"}')).toBe('format');
  expect(found('{"error":"option \\"seed\\" must be of type integer"}')).toBe('seed');
  expect(found('{"error":"the input length exceeds the context length"}')).toBeUndefined();
});
