import { request as ask } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databases, type TestDatabase } from './databases.ts';
import { type Reply, type RunningGateway, startGateway } from './running-gateway.ts';

const big = JSON.stringify({ model: 'debate', text: 'x'.repeat(70_000) });
const rpc = { jsonrpc: '2.0', id: 7 };
const version = { 'A2A-Version': '1.0' };
const accepting = { accept: 'application/json, text/event-stream' };

describe.each(databases)('What no protocol can take, over $name,', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let guarded: RunningGateway;
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db);
    guarded = await startGateway(database.other, { auth: {} });
  });
  afterAll(async () => {
    await gateway.stop();
    await guarded.stop();
    await database.close();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    gateway.post(path, body, headers);

  test.each([
    ['a body that is too large', big, {}, 413, 'BODY_TOO_LARGE'],
    ['broken JSON', '{"model": ', {}, 400, 'BAD_REQUEST'],
    ['another type than JSON', '<a/>', { 'content-type': 'text/xml' }, 400, 'BAD_REQUEST'],
  ])('%s, is told to an OpenAI client in its form.', async (_, body, headers, status, code) => {
    const reply = await post('/v1/chat/completions', body, headers);
    expect(reply).toMatchObject({
      status,
      json: { error: { message: expect.any(String), type: 'invalid_request_error', code } },
    });
    expect((await gateway.get('/v1/chat/completions')).json).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
    expect((await gateway.get('/v1/chat/nothing')).json).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test.each([
    ['a body that is too large', big, {}, 413, -32600],
    ['broken JSON', '{"jsonrpc": ', {}, 400, -32700],
    ['another type than JSON', '<a/>', { 'content-type': 'text/xml' }, 400, -32600],
  ])('%s, is a JSON-RPC error of MCP and of A2A.', async (_, body, headers, status, code) => {
    for (const path of ['/mcp', '/a2a', '/a2a/debater-b']) {
      const reply = await post(path, body, { ...accepting, ...headers });
      expect([path, reply.status, reply.json]).toMatchObject([
        path,
        status,
        { jsonrpc: '2.0', id: null, error: { code } },
      ]);
    }
  });

  test.each([
    ['an empty request', {}, -32600],
    ['a batch', [{ ...rpc, method: 'GetTask', params: {} }], -32600],
    ['a number for a method', { ...rpc, method: 7 }, -32600],
    ['an id that is none', { ...rpc, id: { a: 1 }, method: 'GetTask' }, -32600],
    ['a method that is not there', { ...rpc, method: 'Nothing', params: {} }, -32601],
    ['parameters that are none', { ...rpc, method: 'GetTask', params: 7 }, -32602],
    ['parameters that are missing', { ...rpc, method: 'SendMessage', params: {} }, -32602],
    ['parameters that are wrong', { ...rpc, method: 'SendMessage', params: { message: { parts: 7 } } }, -32602],
    [
      'bytes that are no text',
      { ...rpc, method: 'SendMessage', params: { message: { messageId: 'm', parts: [{ raw: 7 }] } } },
      -32602,
    ],
  ])('%s, is a JSON-RPC error of A2A with the code that says so.', async (_, body, code) => {
    const reply = await post('/a2a', body, version);
    expect(reply).toMatchObject({ status: 200, json: { jsonrpc: '2.0', error: { code } } });
    if (code !== -32600) expect(reply.json).toMatchObject({ id: 7 });
  });

  test.each([
    ['an empty request', {}, -32600],
    ['a method that is not there', { ...rpc, method: 'nothing', params: {} }, -32601],
    ['a tool that is not there', { ...rpc, method: 'tools/call', params: { name: 'nothing', arguments: {} } }, -32602],
    ['parameters that are missing', { ...rpc, method: 'tools/call', params: {} }, -32602],
  ])('%s, is a JSON-RPC error of MCP with the code that says so.', async (_, body, code) => {
    const reply = await post('/mcp', body, accepting);
    const text = reply.text.replace(/^event: message\n/, '').replace(/^data: /, '');
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', error: { code } });
  });

  test('is an error of the HTTP binding of A2A.', async () => {
    const wrong = [
      await post('/a2a/v1/message:send', big, version),
      await post('/a2a/v1/message:send', '{"message": ', version),
      await post('/a2a/v1/message:send', '<a/>', { ...version, 'content-type': 'text/xml' }),
      await post('/a2a/v1/message:send', {}, version),
      await post('/a2a/v1/message:send', { message: { messageId: 'm', parts: [{ raw: 7 }] } }, version),
      await gateway.get('/a2a/v1/nothing', version),
      await gateway.get('/a2a/v1/tasks'),
    ];
    expect(wrong.map(({ status, json }) => [status, (json as { error: { status: string } }).error.status])).toEqual([
      [413, 'INVALID_ARGUMENT'],
      [400, 'INVALID_ARGUMENT'],
      [400, 'INVALID_ARGUMENT'],
      [400, 'INVALID_ARGUMENT'],
      [400, 'INVALID_ARGUMENT'],
      [404, 'NOT_FOUND'],
      [400, expect.any(String)],
    ]);
    for (const { headers } of wrong) expect(headers.get('content-type')).toMatch(/^application\/a2a\+json/);
  });

  test.each(['/v1/models', '/v1/chat/completions', '/mcp', '/a2a', '/a2a/debater-a', '/a2a/v1/tasks', '/ag-ui'])(
    'such as a TRACE of %s, is no fault of the server.',
    async (path) => {
      const body = JSON.stringify({ ...rpc, method: 'ping' });
      const headers = { 'content-type': 'application/json', 'content-length': body.length, ...version };
      const status = await new Promise((resolve, reject) => {
        const asked = ask(`${gateway.url}${path}`, { method: 'TRACE', headers }, (reply) => resolve(reply.statusCode));
        asked.on('error', reject).end(body);
      });
      expect([404, 405]).toContain(status);
    },
  );

  test('is a problem of HTTP for AG-UI, where no run has begun.', async () => {
    for (const [body, status] of [
      [big, 413],
      ['{"a": ', 400],
      [{}, 400],
    ] as const) {
      const reply = await post('/ag-ui', body);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  test('and who shows no credential, are told so in the form of the protocol.', async () => {
    const asked = async (path: string) => {
      const { status, headers, json } = await guarded.post(path, { ...rpc, method: 'tools/list' }, version);
      return { status, asks: headers.get('www-authenticate'), json };
    };
    const asks = 'Bearer realm="parley"';
    expect(await asked('/mcp')).toMatchObject({ status: 401, asks, json: { id: 7, error: { code: -32000 } } });
    expect(await asked('/a2a')).toMatchObject({ status: 401, asks, json: { id: 7, error: { code: -32000 } } });
    expect(await asked('/a2a/v1/message:send')).toMatchObject({
      status: 401,
      asks,
      json: { error: { code: 401, status: 'UNAUTHENTICATED', details: [{ reason: 'UNAUTHENTICATED' }] } },
    });
    expect(await asked('/v1/models')).toMatchObject({ json: { error: { type: 'authentication_error' } } });
  });

  test('have a route in the metrics, whatever is in their path.', async () => {
    const a2a = { ...rpc, method: 'GetTask', params: { id: 'none' } };
    await post('/mcp', { ...rpc, method: 'tools/list' }, accepting);
    await post('/a2a', a2a, version);
    await post('/ag-ui', {});
    await post('/v1/chat/completions', {});
    await gateway.get('/A2A/v1/tasks/first-task', version);
    await gateway.get('/a2a/v1/some-tenant/tasks/second-task', version);
    const { text } = await gateway.get('/metrics');
    const routes = new Set([...text.matchAll(/_count\{[^}]*route="([^"]*)"/g)].map(([, route]) => route));
    expect([...routes]).toEqual(
      expect.arrayContaining(['/mcp', '/a2a', '/ag-ui', '/v1/chat/completions', '/a2a/v1/tasks/:taskId']),
    );
    expect([...routes].filter((route) => /A2A|first|second|some/.test(route ?? ''))).toEqual([]);
  });
});
