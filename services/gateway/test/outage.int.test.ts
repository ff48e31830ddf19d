import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { countedEvents, readSloFolder, type Slo } from '@parley/slo';
import { until } from '@parley/testkit';
import { type BreakableDatabase, breakable } from './breakable-database.ts';
import { bearer, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { idsOf, oneTo, openEvents } from './event-reader.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('Without its database ($name)', (kind) => {
  let database: TestDatabase;
  let breaking: BreakableDatabase;
  let gateway: RunningGateway;

  beforeAll(async () => {
    database = await kind.open();
    breaking = await breakable(database);
    gateway = await startGateway(breaking.db);
  });
  afterAll(async () => {
    await gateway.stop();
    await breaking.close();
    await database.close();
  });

  test('the gateway answers 503 with Retry-After, stays alive, and recovers without a restart.', async () => {
    const id = await gateway.debate();
    await breaking.breakDown();
    const body = { topic: 'In the outage' };
    for (const ask of [
      () => gateway.post('/v1/debates', body),
      () => gateway.get('/v1/debates'),
      () => gateway.get(`/v1/debates/${id}`),
      () => gateway.get(`/v1/debates/${id}/events`),
      () => gateway.post(`/v1/debates/${id}/cancel`, {}),
    ]) {
      const reply = await ask();
      expect([reply.status, problemOf(reply).code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
      expect(reply.headers.get('retry-after')).toBe('1');
    }
    const a2a = { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id } };
    const over = await gateway.post('/a2a', a2a, { 'A2A-Version': '1.0' });
    expect([over.status, over.headers.get('retry-after')]).toEqual([503, '1']);
    expect(over.json).toMatchObject({
      error: { code: -32603, data: [{ metadata: { code: 'DATABASE_UNAVAILABLE' } }] },
    });
    const chat = { model: 'debate', messages: [{ role: 'user', content: 'Tea' }] };
    const completion = await gateway.post('/v1/chat/completions', chat);
    expect([completion.status, completion.json]).toMatchObject([503, { error: { code: 'DATABASE_UNAVAILABLE' } }]);
    expect((await gateway.get('/livez')).status).toBe(200);
    const ready = await gateway.get('/readyz?verbose');
    expect([ready.status, ready.text]).toEqual([503, expect.stringMatching(/^\[-\] database: .*\nnot ready\n$/)]);

    await breaking.repair();
    await until('it is ready', async () => (await gateway.get('/readyz')).status === 200);
    const reply = await gateway.post('/v1/debates', body);
    expect(reply.status).toBe(202);
    const started = (reply.json as { id: string }).id;
    await until('its command is sent', () => gateway.commands.some((one) => one.subject === started));
  });

  test('what its guard answers before any route is counted under the face that was asked.', async () => {
    const guarded = await startGateway(breaking.db, { auth: {} });
    const key = await keyFor(breaking.db, 'acme');
    await breaking.breakDown();
    const asked = ['/v1/debates', '/v1/models', '/mcp', '/a2a', '/ag-ui', '/agent/start_debate', '/elsewhere'];
    for (const path of asked) {
      await guarded.post(path, {}, bearer(key));
    }
    const page = (await guarded.get('/metrics')).text;
    await breaking.repair();
    await guarded.stop();
    const counts = [...page.matchAll(/^parley_http_request_seconds_count\{(.*)\} (\d+)$/gm)];
    const routes = counts.map(([, labels = '', count]) => [/route="([^"]*)",status="503"/.exec(labels)?.[1], count]);
    expect(routes).toEqual([
      ['/v1/*', '2'],
      ['/mcp/*', '1'],
      ['/a2a/*', '1'],
      ['/ag-ui/*', '1'],
      ['/agent/*', '1'],
      ['none', '1'],
    ]);
    const availability = readSloFolder().find(({ id }) => id === 'gateway-availability') as Slo;
    const samples = counts.map(([, labels = '', count]) => ({
      name: 'parley_http_request_seconds_count',
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
      ),
      value: Number(count),
    }));
    expect(countedEvents(availability, { metrics: ['parley_http_request_seconds'], samples })).toMatchObject({
      bad: 6,
      total: 6,
    });
  });

  test('events that come in an outage are projected after it, and an open stream goes on without a gap.', async () => {
    const id = await gateway.debate();
    const facts = factsOf(id, 4);
    const reader = await openEvents(gateway.url, id);
    await publish(gateway.bus, facts.slice(0, 2));
    await breaking.breakDown();
    const taken = publish(gateway.bus, facts.slice(2));
    expect((await gateway.get(`/v1/debates/${id}`)).status).toBe(503);
    await breaking.repair();
    await taken;
    expect(idsOf(await reader.rest())).toEqual(oneTo(8));
  });

  (kind.name === 'Postgres' ? test : test.skip)('terminated connections cost no restart.', async () => {
    const id = await gateway.debate();
    await database.other.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await until('reads work', async () => (await gateway.get(`/v1/debates/${id}`)).status === 200);
    await publish(gateway.bus, factsOf(id, 1));
    expect(idsOf(await (await openEvents(gateway.url, id)).rest())).toEqual(oneTo(5));
  });
});
