import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { toolErrorOf } from './tool-refusal.ts';
import { HttpStatus } from './wire-error.ts';

function meaning(status: number, head: string): string | undefined {
  const code = status === 404 ? 'MODEL_NOT_FOUND' : status === 500 ? 'MODEL_BROKE_OFF' : 'MODEL_REFUSED';
  const error = new ParleyError(code, `The server answered ${status}: ${head}`, {
    cause: new HttpStatus(status, head, head),
  });
  return toolErrorOf(error, 'm')?.code;
}

test.each([
  [400, '{"error":"library/m:latest does not support tools"}'],
  [400, '{"error":{"message":"`tools` is not supported with this model."}}'],
  [400, '{"error":{"message":"Function calling is not enabled for models/m"}}'],
  [400, '{"message":"\\"auto\\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"}'],
  [400, '{"error":{"message":"m does not support parameters: [\'tools\']"}}'],
  [400, '{"error":{"message":"Unrecognized request argument supplied: tools"}}'],
  [400, '{"error":{"message":"Unknown parameter: \'tools\'.","param":"tools"}}'],
  [422, '{"detail":[{"type":"extra_forbidden","loc":["body","tools"],"msg":"Extra inputs are not permitted"}]}'],
  [404, '{"error":{"message":"No endpoints found that support tool use."}}'],
  [500, '{"error":{"code":500,"message":"tools param requires --jinja flag"}}'],
])('status %i with %s says that the model takes no tools', (status, head) => {
  expect(meaning(status, head)).toBe('MODEL_WITHOUT_TOOLS');
});

test.each([
  [400, '{"error":{"message":"Invalid schema for function \'mail\': \'oneOf\' is not supported."}}'],
  [400, '{"error":{"message":"Unknown parameter: \'tools[0].function.strict\'."}}'],
  [422, '{"detail":[{"type":"extra_forbidden","loc":["body","tools",0,"function","strict"]}]}'],
  [400, '{"error":{"message":"This model does not support temperature."}}'],
  [404, '{"error":{"message":"model \'tools-m\' not found"}}'],
  [503, '{"error":"does not support tools"}'],
  [500, '{"error":"CUDA out of memory"}'],
])('status %i with %s says something else', (status, head) => {
  expect(meaning(status, head)).toBeUndefined();
});

test.each([
  'error parsing tool call: raw=\'{"a"\', err=unexpected end of JSON input',
  'Failed to parse input at pos 184: <tool_call>',
  'Failed to parse tool call arguments as JSON: parse error at line 1',
])('%s is garbage of the model, not trouble of the server', (words) => {
  expect(meaning(500, words)).toBe('MODEL_GARBAGE');
});
