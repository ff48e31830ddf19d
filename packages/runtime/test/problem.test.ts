import { expect, test } from '@jest/globals';
import { type ErrorCode, errorCodes, ParleyError } from '@parley/contracts';
import { problemSchema } from '@parley/contracts/http';
import { z } from 'zod';
import { faultOf, type Logger, onlyMethods, parse, silentLogger } from '../src/index.ts';
import { served } from './served.ts';

const traceId = 'ab'.repeat(16);
const headers = { traceparent: `00-${traceId}-${'cd'.repeat(8)}-01` };

async function answerTo(thrown: unknown, logger: Logger = silentLogger) {
  const { url } = await served((router) => router.get('/', () => Promise.reject(thrown)), { logger });
  const response = await fetch(url, { headers });
  const text = await response.text();
  return { response, text, problem: problemSchema.parse(JSON.parse(text)) };
}

test.each([
  ['BAD_REQUEST', 400],
  ['NOT_FOUND', 404],
  ['METHOD_NOT_ALLOWED', 405],
  ['ALREADY_CLOSED', 409],
  ['IDEMPOTENCY_KEY_IN_FLIGHT', 409],
  ['BODY_TOO_LARGE', 413],
  ['IDEMPOTENCY_KEY_REUSED', 422],
] as const)('A refusal %s is answered with %i, its sentence, code and trace id.', async (code, status) => {
  const { response, problem } = await answerTo(new ParleyError(code, 'A sentence.'));
  expect([response.status, response.headers.get('content-type')]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ]);
  expect(problem).toMatchObject({ status, code, detail: 'A sentence.', traceId });
  expect(problem.title).not.toBe('Error');
});

test('A transient fault is 503 with Retry-After in whole seconds.', async () => {
  for (const [retryAfterMs, seconds] of [
    [1_500, '2'],
    [undefined, '1'],
  ] as const) {
    const options = { retryable: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    const { response, problem } = await answerTo(
      new ParleyError('DATABASE_UNAVAILABLE', 'No answer from db.internal:5432.', options),
    );
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, seconds]);
    expect(problem).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(JSON.stringify(problem)).not.toContain('db.internal');
  }
});

test('Every code is answered with its status, and one that this build does not know with 500.', async () => {
  for (const [code, { status }] of Object.entries(errorCodes) as [ErrorCode, { status: number }][]) {
    expect([code, (await answerTo(new ParleyError(code, 'x'))).response.status]).toEqual([code, status]);
    const later = await answerTo(new ParleyError(code, 'x', { retryable: true }));
    expect([code, later.response.status]).toEqual([code, status === 500 ? 503 : status]);
  }
  for (const code of ['OF_ANOTHER_RELEASE', 'constructor'] as string[] as ErrorCode[]) {
    const { status, title } = faultOf(new ParleyError(code, 'x'), '').problem;
    expect([status, title]).toEqual([500, 'Internal error']);
  }
});

test.each([
  ['an Error', Object.assign(new Error('password hunter2 is wrong'), { stack: 'at secret.ts:1' })],
  ['a Parley error that no retry helps', new ParleyError('CONFIG_INVALID', 'hunter2')],
  ['a string', 'hunter2'],
  ['undefined', undefined],
])('%s becomes a 500 that shows code and trace id only, and is logged.', async (_name, thrown) => {
  const logged: object[] = [];
  const logger: Logger = { ...silentLogger, error: (fields) => void logged.push(fields) };
  const { response, text, problem } = await answerTo(thrown, logger);
  expect([response.status, problem.traceId]).toEqual([500, traceId]);
  expect(text).not.toMatch(/hunter2|secret\.ts|stack/);
  expect(logged).toMatchObject([{ trace_id: traceId, code: problem.code }]);
});

test('A wrong input names every field at fault, an unknown one by its own name.', async () => {
  const schema = z.strictObject({ topic: z.string().min(1), sides: z.strictObject({ pro: z.string() }).optional() });
  const { url } = await served((router) => router.post('/', (request) => void parse(schema, request.body, 'body')));
  const ask = async (body: unknown) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const { status, errors } = problemSchema.parse(await (await fetch(url, init)).json());
    return [status, ...(errors ?? []).map((one) => one.field)];
  };
  expect(await ask({ topic: '', sides: { pro: 1, con: '' }, a: 1, b: 2 })).toEqual([
    400,
    'topic',
    'sides.pro',
    'sides.con',
    'a',
    'b',
  ]);
  expect(await ask([])).toEqual([400, 'body']);
  expect(await ask({ topic: 'a\u0000' })).toEqual([400, 'topic']);
  expect(await ask({ topic: 'a', sides: { pro: '\udfff' } })).toEqual([400, 'sides.pro']);
});

test('A body that cannot be read is 400 or 413, never 500.', async () => {
  const { url } = await served((router) => router.post('/', (_request, response) => void response.json({})));
  const post = async (body: string | Uint8Array<ArrayBuffer>, type: string, encoding = 'identity') => {
    const init = { method: 'POST', headers: { 'content-type': type, 'content-encoding': encoding }, body };
    return (await fetch(url, init)).status;
  };
  expect(await post('{', 'application/json')).toBe(400);
  expect(await post('x=1', 'application/x-www-form-urlencoded')).toBe(400);
  expect(await post('{}', 'application/json; charset=nonsense')).toBe(400);
  expect(await post('{}', 'application/json', 'nonsense')).toBe(400);
  expect(await post('{}', 'application/json', 'gzip')).toBe(400);
  expect(await post(`"${'x'.repeat(65 * 1024)}"`, 'application/json')).toBe(413);
  expect(await post('{}', 'application/json')).toBe(200);
  expect((await fetch(url, { method: 'POST' })).status).toBe(200);
});

test('A method that a path does not take is 405 and names those it takes.', async () => {
  const { url } = await served((router) => {
    router.get('/', (_request, response) => void response.json({}));
    router.all('/', onlyMethods('GET'));
  });
  const response = await fetch(url, { method: 'DELETE' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
});
