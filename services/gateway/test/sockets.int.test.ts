import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { topics } from '@parley/contracts';
import { until } from '@parley/testkit';
import { bearer, type Headers, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { idsOf, oneTo, openEvents } from './event-reader.ts';
import { deltaOf, factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';
import { openSocket } from './socket-reader.ts';

describe.each(databases)('WebSockets and tickets over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let reader: Headers;
  beforeAll(async () => {
    database = await kind.open();
    const options = { auth: {}, streamsPerTenant: 3, origins: ['https://app.example.org'], heartbeatMs: 200 };
    gateway = await startGateway(database.db, { ...options, patienceMs: 300 });
    reader = bearer(await keyFor(database.db, 'acme', ['read']));
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  async function debate(turns: number, upTo?: number): Promise<{ id: string; rest(): Promise<void> }> {
    const id = randomUUID();
    const facts = factsOf(id, turns).map((message) => ({ ...message, tenant: 'acme' }));
    await publish(gateway.bus, facts.slice(0, upTo));
    return { id, rest: () => publish(gateway.bus, facts.slice(upTo)) };
  }
  const seqs = (messages: readonly { seq?: number }[]) => messages.flatMap(({ seq }) => seq ?? []);
  const ticket = async () => ((await gateway.post('/v1/tickets', {}, reader)).json as { ticket: string }).ticket;

  test('a socket has the events of the log with their numbers, deltas between, and ends after the last', async () => {
    const { id, rest } = await debate(3, 2);
    const { messages, closed } = await openSocket(gateway.url, id, { headers: reader });
    await until('the log is sent', () => seqs(messages).length === 2);
    gateway.bus.broadcast(topics.deltas.name, deltaOf(id, 0, 'Tea'));
    await until('the delta is there', () => messages.some(({ type }) => type === 'delta'));
    await rest();
    expect(await closed).toMatchObject({ code: 1000 });
    expect(seqs(messages)).toEqual(oneTo(7));
    const sse = await openEvents(gateway.url, id, { headers: reader });
    const sent = (await sse.rest()).map(({ data }) => JSON.parse(data));
    expect(messages.filter(({ seq }) => seq !== undefined)).toEqual(sent);
  });

  test('it resumes after a number, and ends at once for who has everything', async () => {
    const { id } = await debate(2);
    const resumed = await openSocket(gateway.url, id, { query: '?after=4', headers: reader });
    await resumed.closed;
    expect(seqs(resumed.messages)).toEqual([5, 6]);
    const idle = await openSocket(gateway.url, id, { query: '?after=6', headers: reader });
    expect([await idle.closed, idle.messages]).toMatchObject([{ code: 1000 }, []]);
  });

  test.each([
    ['without a credential', '401', {}],
    ['from a page of another origin', '403', { origin: 'https://evil.example.org' }],
  ])('a socket %s is refused with %s', async (_, status, headers: Record<string, string>) => {
    const { id } = await debate(1);
    const all = status === '401' ? headers : { ...reader, ...headers };
    await expect(openSocket(gateway.url, id, { headers: all })).rejects.toThrow(status);
  });

  test('pages of this server and of listed origins may open one', async () => {
    const { id } = await debate(1);
    for (const origin of [gateway.url, 'https://app.example.org']) {
      const { closed } = await openSocket(gateway.url, id, { headers: { ...reader, origin } });
      expect(await closed).toMatchObject({ code: 1000 });
    }
  });

  test('a request that asks for no WebSocket is told so, and one of nobody’s debate that there is none', async () => {
    const { id } = await debate(1);
    const reply = await gateway.get(`/v1/debates/${id}/ws`, reader);
    expect([reply.status, reply.headers.get('upgrade')]).toEqual([426, 'websocket']);
    await expect(openSocket(gateway.url, randomUUID(), { headers: reader })).rejects.toThrow('404');
  });

  test('a client that takes nothing is let go with a code, and one that answers no ping is cut', async () => {
    const { id } = await debate(1, 1);
    const { socket, closed } = await openSocket(gateway.url, id, { headers: reader });
    socket.pause();
    const text = 'x'.repeat(40_000);
    await until(
      'the server has closed it',
      () => gateway.watchers() === 0,
      undefined,
      async () => gateway.bus.broadcast(topics.deltas.name, deltaOf(id, 0, text)),
    );
    socket.resume();
    expect([1006, 4008]).toContain((await closed).code);
  });

  test('a ticket opens one stream, once, on any replica, and nothing else', async () => {
    const { id } = await debate(2);
    const replica = await startGateway(database.db, { auth: {} });
    const events = async (url: string, word: string) =>
      (await fetch(`${url}/v1/debates/${id}/events?ticket=${word}`)).status;
    const once = await ticket();
    expect([await events(replica.url, once), await events(gateway.url, once)]).toEqual([200, 401]);
    const { closed } = await openSocket(gateway.url, id, { query: `?after=3&ticket=${await ticket()}` });
    expect(await closed).toMatchObject({ code: 1000 });
    for (const path of ['/v1/debates', `/v1/debates/${id}`, '/v1/tickets']) {
      expect((await gateway.get(`${path}?ticket=${await ticket()}`)).status).toBe(401);
    }
    const old = await ticket();
    await database.other.query(`update gateway.ticket set expires_at = clock_timestamp()`);
    expect(await events(gateway.url, old)).toBe(401);
    const race = await ticket();
    const all = await Promise.all([events(gateway.url, race), events(replica.url, race), events(gateway.url, race)]);
    expect(all.filter((status) => status === 200)).toHaveLength(1);
    await replica.stop();
  });

  test('a tenant has so many streams at once, of both kinds together; who leaves makes room', async () => {
    await until('the readers of the tests before have left', () => gateway.watchers() === 0);
    const { id } = await debate(1, 1);
    const first = await openEvents(gateway.url, id, { headers: reader });
    const others = [
      await openSocket(gateway.url, id, { headers: reader }),
      await openSocket(gateway.url, id, { headers: reader }),
    ];
    const refused = await gateway.get(`/v1/debates/${id}/events`, reader);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    await expect(openSocket(gateway.url, id, { headers: reader })).rejects.toThrow('429');
    for (const { socket } of others) socket.close();
    first.leave();
    await until('there is room', () => gateway.watchers() === 0);
    const again = await openEvents(gateway.url, id, { headers: reader });
    expect([again.status, idsOf([(await again.next()) as never])]).toEqual([200, [1]]);
    again.leave();
  });
});

describe('What browsers are told', () => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  beforeAll(async () => {
    database = await (databases[0] as (typeof databases)[number]).open();
    gateway = await startGateway(database.db, { origins: ['https://app.example.org'] });
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  test('pages load nothing from another host and run no script of their own', async () => {
    const { headers } = await gateway.get('/openapi.json');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('/docs is a page of this server alone, with what it loads', async () => {
    const { status, text, headers } = await gateway.get('/docs/');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, at = '']) => at);
    expect(loaded.length).toBeGreaterThan(3);
    for (const at of loaded) {
      expect(at).toMatch(/^\/docs\//);
      expect([at, (await gateway.get(at)).status]).toEqual([at, 200]);
    }
    expect(text).not.toMatch(/<script>|style=/);
    expect((await gateway.get('/docs/package.json')).status).toBe(404);
    expect((await gateway.post('/docs/', {})).status).toBe(405);
  });

  test('listed origins may ask and see what they need; others are told nothing', async () => {
    const preflight = (origin: string) =>
      gateway.send('OPTIONS', '/v1/debates', { origin, 'access-control-request-method': 'POST' });
    const allowed = await preflight('https://app.example.org');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect((await preflight('https://evil.example.org')).headers.get('access-control-allow-origin')).toBeNull();
    const read = await gateway.get('/v1/debates', { origin: 'https://app.example.org' });
    expect([read.status, read.headers.get('access-control-expose-headers')]).toEqual([
      200,
      expect.stringContaining('Retry-After'),
    ]);
  });

  test('without credentials a page of another site, or another name of this machine, is refused', async () => {
    const ask = (headers: Record<string, string>) => gateway.get('/v1/debates', headers);
    expect((await ask({ origin: 'https://evil.example.org' })).status).toBe(403);
    expect((await ask({ origin: 'null' })).status).toBe(403);
    expect((await ask({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask({ origin: gateway.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });
});
