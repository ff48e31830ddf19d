import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type NewKeyView, newKeyView } from '@parley/contracts/http';
import { createLogger } from '@parley/runtime';
import { until } from '@parley/testkit';
import { bearer, type Headers, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('Access over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let admin: Headers;
  const lines: string[] = [];
  const secrets: string[] = [];
  beforeAll(async () => {
    database = await kind.open();
    const to = { write: (line: string) => void lines.push(line) } as unknown as NodeJS.WritableStream;
    const logger = createLogger({ level: 'debug', service: 'gateway', to });
    gateway = await startGateway(database.db, { auth: {}, logger });
    admin = bearer(await keyFor(database.db, 'acme'));
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  async function make(scopes: readonly string[], more: object = {}): Promise<NewKeyView> {
    const reply = await gateway.post('/v1/keys', { name: 'A robot', scopes, ...more }, admin);
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const made = newKeyView.parse(reply.json);
    secrets.push(made.key);
    return made;
  }
  const statusFor = async (key: string) => (await gateway.get('/v1/debates', bearer(key))).status;

  test.each([
    ['nothing', {}, undefined],
    ['another scheme', { authorization: 'Basic dTpw' }, undefined],
    ['a word', bearer('sesame'), 'invalid_token'],
    ['a key that nobody made', bearer(`parley_${'0'.repeat(32)}_${'A'.repeat(43)}`), 'invalid_token'],
  ])('who brings %s is told how to bring a credential', async (_, headers, error) => {
    const reply = await gateway.get('/v1/debates', headers);
    expect(problemOf(reply)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(problemOf(reply).detail).toContain('parley keys create');
    const challenge = reply.headers.get('www-authenticate') ?? '';
    expect(challenge).toBe(`Bearer realm="parley"${error === undefined ? '' : `, error="${error}"`}`);
  });

  test('a key with the secret of another is no key', async () => {
    const [mine, other] = [await make(['read']), await make(['read'])];
    expect(await statusFor(mine.key)).toBe(200);
    expect(await statusFor(mine.key.slice(0, -43) + other.key.slice(-43))).toBe(401);
  });

  test('a scope allows what it says and no more', async () => {
    const reader = bearer((await make(['read'])).key);
    const writer = bearer((await make(['write'])).key);
    const start = (headers: Headers) => gateway.post('/v1/debates', { topic: 'Tea' }, headers);
    expect((await start(writer)).status).toBe(202);
    const refused = await start(reader);
    expect(problemOf(refused)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="write"');
    expect((await gateway.get('/v1/debates', reader)).status).toBe(200);
    for (const path of ['/v1/keys', '/V1/Keys/', `/v1/keys/${randomUUID()}/rotate`]) {
      expect((await gateway.post(path, { name: 'More', scopes: ['admin'] }, writer)).status).toBe(403);
    }
    expect((await gateway.get('/v1/keys', writer)).status).toBe(403);
    expect((await gateway.get('/agent/start_debate', reader)).status).toBe(403);
    const byRpc = (path: string, method: string, params: object) =>
      gateway.post(path, { jsonrpc: '2.0', id: 1, method, params }, { ...reader, 'A2A-Version': '1.0' });
    // The same over every binding, whatever HTTP's method says.
    const id = '0197c8a0-0000-7000-8000-000000000001';
    expect((await byRpc('/a2a', 'GetTask', { id })).status).toBe(200);
    expect((await byRpc('/a2a', 'SendMessage', {})).status).toBe(403);
    expect((await gateway.get(`/a2a/v1/tasks/${id}`, { ...reader, 'A2A-Version': '1.0' })).status).toBe(404);
    expect((await gateway.post('/a2a/v1/message:send', {}, reader)).status).toBe(403);
    const headers = { ...reader, accept: 'application/json, text/event-stream' };
    const byTool = (name: string, asked: object) =>
      gateway.post(
        '/mcp',
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: asked } },
        headers,
      );
    expect((await byTool('list_debates', {})).status).toBe(200);
    expect((await byTool('start_debate', { topic: 'Tea' })).status).toBe(403);
    expect((await gateway.post('/v1/chat/completions', {}, reader)).status).toBe(403);
    expect((await gateway.post('/ag-ui', {}, reader)).status).toBe(403);
  });

  test('keys are listed without what is secret', async () => {
    const made = await make(['read'], { expiresInDays: 2 });
    const { text, json } = await gateway.get('/v1/keys', admin);
    const { key, ...view } = made;
    expect((json as { keys: unknown[] }).keys).toContainEqual(view);
    expect(view).toMatchObject({ tenant: 'acme', name: 'A robot', createdBy: expect.stringMatching(/^key:/) });
    expect(text).not.toContain(key.slice(-43));
    const rows = await database.other.query('select * from gateway.api_key');
    expect(JSON.stringify(rows)).not.toContain(key.slice(-43));
  });

  test('a revoked key ends at once, on every replica', async () => {
    const replica = await startGateway(database.db, { auth: {} });
    const { id, key } = await make(['read']);
    const there = async () => (await replica.get('/v1/debates', bearer(key))).status;
    expect([await statusFor(key), await there()]).toEqual([200, 200]);
    const remove = () => fetch(`${gateway.url}/v1/keys/${id}`, { method: 'DELETE', headers: admin });
    expect((await remove()).status).toBe(204);
    expect(await statusFor(key)).toBe(401);
    await until('the replica has heard', async () => (await there()) === 401);
    expect((await remove()).status).toBe(204);
    expect((await gateway.post(`/v1/keys/${id}/rotate`, {}, admin)).status).toBe(409);
    await replica.stop();
  });

  test('a rotated key goes on beside the new one for the overlap', async () => {
    const rotate = async (overlapSeconds: number) => {
      const old = await make(['write'], { expiresInDays: 30 });
      const reply = await gateway.post(`/v1/keys/${old.id}/rotate`, { overlapSeconds }, admin);
      return { old, renewed: newKeyView.parse(reply.json) };
    };
    const { old, renewed } = await rotate(60);
    expect(renewed).toMatchObject({ name: old.name, scopes: old.scopes, expiresAt: expect.any(String) });
    expect([await statusFor(old.key), await statusFor(renewed.key)]).toEqual([200, 200]);
    const short = await rotate(0);
    expect([await statusFor(short.old.key), await statusFor(short.renewed.key)]).toEqual([401, 200]);
  });

  test("another tenant's keys are not there", async () => {
    const { id } = await make(['read']);
    const other = bearer(await keyFor(database.db, 'umbrella'));
    expect((await gateway.post(`/v1/keys/${id}/rotate`, {}, other)).status).toBe(404);
    expect((await fetch(`${gateway.url}/v1/keys/${id}`, { method: 'DELETE', headers: other })).status).toBe(404);
    expect((await gateway.get('/v1/keys', other)).text).not.toContain(id);
  });

  test('the document, health and metrics need no credential', async () => {
    for (const path of ['/openapi.json', '/livez', '/readyz', '/metrics'])
      expect((await gateway.get(path)).status).toBe(200);
  });

  test('no log line has a key in it', () => {
    expect(secrets.length).toBeGreaterThan(5);
    for (const secret of secrets) expect(lines.join('')).not.toContain(secret.slice(-43));
  });
});
