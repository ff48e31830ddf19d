import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import { debateView } from '@parley/contracts/debate';
import { usageView } from '@parley/contracts/http';
import { credentialsOf, type Headers } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish, turn } from './fake-moderator.ts';
import { fieldsOf, problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const prices = { 'gpt-x': { inputPerMillion: 2, outputPerMillion: 10, currency: 'EUR' } };
const day = '2026-01-02';

describe.each(databases)('Usage over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let as: (tenant: string) => Headers;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {}, prices, tokensPerDay: 100_000 });
    as = await credentialsOf(database.db, 'acme', 'twice', 'newer', 'dear', 'stranger', 'greedy', 'modest');
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  const usage = async (tenant: string, query = `from=${day}&to=${day}`) =>
    usageView.parse((await gateway.get(`/v1/usage?${query}`, as(tenant))).json);
  /** A debate of four turns of 10 + 5 tokens and a verdict of 100 + 50, by these models. */
  const debateOf = (tenant: string, model: string, judge: string, time = `${day}T03:04:05.678Z`): Message[] =>
    factsOf(randomUUID(), 4).map((message) => {
      const facts = { ...message, tenant, time };
      if (message.type === 'turn-recorded.v1') return { ...facts, data: { ...(message.data as object), model } };
      if (message.type !== 'verdict-given.v1') return facts;
      const verdict = { outcome: 'unavailable', reason: 'Nobody judged.', model: judge };
      return { ...facts, data: { verdict, usage: { inputTokens: 100, outputTokens: 50 } } };
    });

  test('is summed by agent, model and day, with totals and money.', async () => {
    await publish(gateway.bus, debateOf('acme', 'gpt-x', 'rehearsal'));
    const side = { inputTokens: 20, outputTokens: 10, calls: 2, cost: { amount: 0.00014, currency: 'EUR' } };
    const judge = { inputTokens: 100, outputTokens: 50, calls: 1, cost: { amount: 0, currency: 'EUR' } };
    const total = { inputTokens: 140, outputTokens: 70, calls: 5, cost: { amount: 0.00028, currency: 'EUR' } };
    expect(await usage('acme', `from=${day}&to=${day}&groupBy=agent`)).toEqual({
      from: day,
      to: day,
      groupBy: 'agent',
      groups: [
        { key: 'debater-a', ...side },
        { key: 'debater-b', ...side },
        { key: 'moderator', ...judge },
      ],
      total,
      unpriced: [],
    });
    expect((await usage('acme', `from=${day}&to=${day}&groupBy=model`)).groups.map(({ key }) => key)).toEqual([
      'gpt-x',
      'rehearsal',
    ]);
    expect((await usage('acme')).groups).toEqual([{ key: day, ...total }]);
    expect((await usage('acme', 'from=2026-01-03&to=2026-01-04')).groups).toEqual([]);
  });

  test('counts a fact once, however often and in whatever batches it is delivered.', async () => {
    const facts = debateOf('twice', 'gpt-x', 'rehearsal');
    await publish(gateway.bus, [...facts.slice(0, 4), ...facts.slice(0, 4)]);
    await publish(gateway.bus, facts);
    await publish(gateway.bus, facts);
    expect((await usage('twice')).total).toMatchObject({ inputTokens: 140, outputTokens: 70, calls: 5 });
  });

  test('counts facts that this build cannot read but for their usage.', async () => {
    const [first] = debateOf('newer', 'gpt-x', 'rehearsal');
    const data = { ...turn(1), model: 'gpt-x', text: 'escaped \u0000 \ud83d' };
    await publish(gateway.bus, [{ ...(first as Message), type: 'turn-rejected.v7', data }]);
    expect((await usage('newer')).total).toMatchObject({ inputTokens: 10, outputTokens: 5, calls: 1 });
  });

  test('of a model without a price has no cost, and names the model.', async () => {
    await publish(gateway.bus, debateOf('dear', 'gpt-y', 'rehearsal'));
    const answer = await usage('dear', `from=${day}&to=${day}&groupBy=agent`);
    expect(answer.unpriced).toEqual(['gpt-y']);
    expect(answer.total.cost).toBeNull();
    expect(answer.groups.map(({ cost }) => cost)).toEqual([null, null, { amount: 0, currency: 'EUR' }]);
  });

  test("of another tenant is not seen, neither is its debate's.", async () => {
    expect((await usage('stranger')).groups).toEqual([]);
  });

  test('stands in the view of a debate.', async () => {
    const facts = debateOf('acme', 'gpt-x', 'gpt-y');
    const path = `/v1/debates/${facts[0]?.subject}`;
    await publish(gateway.bus, facts.slice(0, 5));
    const view = async () => debateView.parse((await gateway.get(path, as('acme'))).json);
    expect((await view()).usage).toEqual({
      inputTokens: 40,
      outputTokens: 20,
      cost: { amount: 0.00028, currency: 'EUR' },
    });
    await publish(gateway.bus, facts.slice(5));
    expect((await view()).usage).toEqual({ inputTokens: 140, outputTokens: 70, cost: null });
  });

  test.each([
    ['from=yesterday', ['from']],
    ['to=2026-02-30', ['to']],
    ['from=2026-02-02&to=2026-02-01', ['from']],
    ['from=2024-01-01&to=2026-02-01', ['from']],
    ['from=2020-01-01', ['from']],
    ['groupBy=side', ['groupBy']],
    ['group=day', ['group']],
  ])('The query %s is 400 that names the field.', async (query, fields) => {
    const reply = await gateway.get(`/v1/usage?${query}`, as('acme'));
    expect([reply.status, fieldsOf(reply)]).toEqual([400, fields]);
  });

  test('above the quota of the day lets no debate start, until the day ends; other tenants may.', async () => {
    const start = (tenant: string) => gateway.post('/v1/debates', { topic: 'Tea' }, as(tenant));
    expect((await start('greedy')).status).toBe(202);
    const facts = debateOf('greedy', 'gpt-x', 'rehearsal', new Date().toISOString());
    const huge = { ...turn(1), usage: { inputTokens: 99_999, outputTokens: 1 } };
    await publish(gateway.bus, [{ ...(facts[1] as Message), data: huge }]);
    const refused = await start('greedy');
    expect([refused.status, problemOf(refused).code]).toEqual([429, 'TOKEN_QUOTA']);
    expect(problemOf(refused).detail).toMatch(/100000 of its 100000 tokens.*ends at \d{4}-\d\d-\d\dT00:00:0/);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(24 * 60 * 60);
    expect((await start('modest')).status).toBe(202);
  });
});
