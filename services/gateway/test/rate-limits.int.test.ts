import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import { credentialsOf, type Headers } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish, turn } from './fake-moderator.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const perMinute = 5;

describe.each(databases)('Limits of a tenant over $name', (kind) => {
  let database: TestDatabase;
  let replicas: [RunningGateway, RunningGateway];
  let as: (tenant: string) => Headers;
  beforeAll(async () => {
    database = await kind.open();
    const options = { auth: {}, requestsPerMinute: perMinute };
    replicas = [await startGateway(database.db, options), await startGateway(database.db, options)];
    as = await credentialsOf(database.db, 'acme', 'umbrella', 'greedy');
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.stop();
    await database.close();
  });

  test('all replicas count together; who is above it is told when to come back, and others are served', async () => {
    const ask = (i: number, tenant: string) => (replicas[i % 2] as RunningGateway).get('/v1/debates', as(tenant));
    const all = [];
    // A minute that ends in between would let more through: then the next one is filled.
    for (let i = 0; i < 3 * perMinute; i += 1) all.push(await ask(i, 'acme'));
    const refused = all.filter(({ status }) => status === 429);
    expect(all.length - refused.length).toBeLessThanOrEqual(2 * perMinute);
    const last = refused.at(-1);
    if (last === undefined) throw new Error('nothing was refused');
    expect(problemOf(last)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(last.headers.get('ratelimit-limit')).toBe(String(perMinute));
    expect(last.headers.get('ratelimit-remaining')).toBe('0');
    const seconds = Number(last.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    const other = await ask(0, 'umbrella');
    expect([other.status, other.headers.get('ratelimit-remaining')]).toEqual([200, String(perMinute - 1)]);
  });

  test('the tokens of a day are counted for every way to spend them', async () => {
    const gateway = await startGateway(database.db, { auth: {}, tokensPerDay: 100 });
    const { json } = await gateway.post('/v1/debates', { topic: 'Tea' }, as('greedy'));
    const { id } = json as { id: string };
    const now = new Date().toISOString();
    const facts: Message[] = factsOf(id, 2).map((message) => ({ ...message, tenant: 'greedy', time: now }));
    const huge = { ...turn(1), usage: { inputTokens: 99, outputTokens: 1 } };
    await publish(
      gateway.bus,
      facts.map((fact) => (fact.sequence === 2 ? { ...fact, data: huge } : fact)),
    );
    const ways = [
      await gateway.post('/v1/debates', { topic: 'Tea' }, as('greedy')),
      await gateway.post(`/v1/debates/${id}/replays`, {}, as('greedy')),
      await gateway.get('/agent/start_debate', as('greedy')),
    ];
    expect(ways.map((reply) => problemOf(reply).code)).toEqual(Array(3).fill('TOKEN_QUOTA'));
    expect((await gateway.get('/agent/start_debate', as('umbrella'))).status).toBe(202);
    await gateway.stop();
  });
});
