import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import type { DebateSummary } from '@parley/contracts/debate';
import { type Database, grantApp, openPostgres } from '@parley/spine';
import { until } from '@parley/testkit';
import { gatewaySchema } from '../src/app.ts';
import { credentialsOf, type Headers } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { idsOf, oneTo, openEvents } from './event-reader.ts';
import { bury, factsOf, letterOf, park, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const of = (tenant: string, messages: readonly Message[]) => messages.map((message) => ({ ...message, tenant }));

describe.each(databases)('Tenants over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let as: (tenant: string) => Headers;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    as = await credentialsOf(database.db, 'acme', 'umbrella', 'default');
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  async function debate(tenant: string, key?: string): Promise<string> {
    const headers = { ...as(tenant), ...(key === undefined ? {} : { 'Idempotency-Key': key }) };
    const { status, json } = await gateway.post('/v1/debates', { topic: `A motion of ${tenant}` }, headers);
    expect(status).toBe(202);
    return (json as DebateSummary).id;
  }
  const listed = async (tenant: string) =>
    ((await gateway.get('/v1/debates', as(tenant))).json as { debates: DebateSummary[] }).debates.map(({ id }) => id);

  test('nobody finds, lists, watches or cancels the debate of another tenant', async () => {
    const id = await debate('acme');
    await until('its command is sent', () => gateway.commands.some((command) => command.subject === id));
    expect(gateway.commands.find((command) => command.subject === id)?.tenant).toBe('acme');
    await publish(gateway.bus, of('acme', factsOf(id, 1)));
    for (const [tenant, status] of [
      ['acme', 200],
      ['umbrella', 404],
    ] as const) {
      expect((await gateway.get(`/v1/debates/${id}`, as(tenant))).status).toBe(status);
      expect((await listed(tenant)).includes(id)).toBe(status === 200);
    }
    expect((await gateway.get(`/v1/debates/${id}/events`, as('umbrella'))).status).toBe(404);
    expect((await gateway.post(`/v1/debates/${id}/cancel`, {}, as('umbrella'))).status).toBe(404);
    const reader = await openEvents(gateway.url, id, { headers: as('acme') });
    expect(idsOf(await reader.rest())).toEqual(oneTo(5));
  });

  test('the same Idempotency-Key of two tenants is two keys', async () => {
    const key = randomUUID();
    const [mine, theirs] = [await debate('acme', key), await debate('umbrella', key)];
    expect(mine).not.toBe(theirs);
    expect(await debate('acme', key)).toBe(mine);
  });

  test('where nobody is asked, everybody is the default tenant, whatever they bring', async () => {
    const mine = await debate('default');
    const theirs = await debate('acme');
    const single = await startGateway(database.db);
    expect((await single.get(`/v1/debates/${mine}`)).status).toBe(200);
    expect((await single.get(`/v1/debates/${theirs}`, as('acme'))).status).toBe(404);
    await single.stop();
  });

  const onServer = kind.name === 'Postgres' ? test : test.skip;
  onServer(
    "row-level security holds the service's own role to one tenant, and to none if it names nobody",
    async () => {
      const role = { name: `gateway_${randomUUID().slice(0, 8)}`, password: randomUUID() };
      await grantApp(database.other, gatewaySchema, role);
      const url = Object.assign(new URL(database.url ?? ''), { username: role.name, password: role.password }).href;
      const app: Database = openPostgres({ url, poolSize: 1 });
      const id = await debate('acme');
      await publish(gateway.bus, of('acme', factsOf(id, 1)));
      expect((await gateway.post(`/v1/debates/${id}/replays`, {}, as('acme'))).status).toBe(202);
      await park(gateway.bus, id, 'acme');
      await bury(gateway.bus, [letterOf('acme', 1)]);
      const seen = (scope: string | undefined, text: string) =>
        app.transaction(async (tx) => {
          if (scope !== undefined) await tx.query(`select set_config('parley.tenant', $1, true)`, [scope]);
          return (await tx.query<{ tenant: string }>(text)).map(({ tenant }) => tenant);
        });
      try {
        for (const table of [
          'stream_listing',
          'stream_event',
          'debate',
          'debate_event',
          'replay',
          'idempotency_key',
          'usage',
          'api_key',
          'parked',
          'dead_letter',
        ]) {
          const all = `select distinct tenant from gateway.${table}`;
          expect(await seen('acme', all)).toEqual(['acme']);
          expect(await seen('nobody', all)).toEqual([]);
          expect(await seen(undefined, all)).toEqual([]);
          expect((await seen('*', all)).length).toBeGreaterThan(
            ['stream_event', 'debate_event', 'replay', 'usage', 'parked', 'dead_letter'].includes(table) ? 0 : 1,
          );
        }
        await expect(
          seen('umbrella', `insert into gateway.parked values ('1', 's', 'k', 't', 'i', 'r', now(), 'acme')`),
        ).rejects.toMatchObject({ code: '42501' });
        expect(await seen('umbrella', `update gateway.stream_listing set title = 'x' returning tenant`)).toEqual(
          (await listed('umbrella')).map(() => 'umbrella'),
        );
      } finally {
        await app.close();
        await database.other.query(`drop owned by ${role.name}; drop role ${role.name}`);
      }
    },
  );
});
