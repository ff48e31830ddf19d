import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Message, probeTenant } from '@parley/contracts';
import { grantApp, openPostgres } from '@parley/spine';
import { gatewaySchema } from '../src/app.ts';
import { probeStore } from '../src/operating/probe-store.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const store = probeStore('gateway');
const of = (tenant: string, messages: readonly Message[]) => messages.map((message) => ({ ...message, tenant }));

describe.each(databases)('Probes over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  const claims = (n: number, everySeconds: number) =>
    Promise.all(Array.from({ length: n }, () => store.claim(database.db, everySeconds)));
  const minesOf = async (all: ReturnType<typeof claims>) => (await all).filter(({ isMine }) => isMine).length;

  test('of many replicas one probes, once a period, and all know how long it is until the next', async () => {
    const first = await claims(5, 600);
    expect(first.filter(({ isMine }) => isMine)).toHaveLength(1);
    for (const { waitMs } of [...first, ...(await claims(1, 600))]) {
      expect(waitMs).toBeGreaterThan(300_000);
      expect(waitMs).toBeLessThanOrEqual(600_000);
    }
    expect(await minesOf(claims(5, 600))).toBe(0);
  });

  test('a replica that died with its probe holds up nobody: the next period is anybody’s', async () => {
    expect(await minesOf(claims(1, 600))).toBe(0);
    await database.other.query(`update gateway.probe set due_at = clock_timestamp()`);
    expect(await minesOf(claims(5, 600))).toBe(1);
  });

  test('a shorter period counts at once', async () => {
    expect(await minesOf(claims(5, 30))).toBe(1);
    expect(await minesOf(claims(5, 30))).toBe(0);
  });

  test('a request that shows some key is anybody’s', async () => {
    const headers = { authorization: `Bearer ${randomUUID()}` };
    expect((await gateway.post('/v1/debates', { topic: 'Tea' }, headers)).status).toBe(202);
    expect(gateway.commands.every(({ tenant }) => tenant !== probeTenant)).toBe(true);
  });

  async function debateOf(tenant: string): Promise<string> {
    const id = randomUUID();
    await publish(gateway.bus, of(tenant, factsOf(id, 2)));
    return id;
  }
  const known = async (id: string) => {
    const count = (table: string, column: string) =>
      database.other.transaction(async (tx) => {
        await tx.query(`select set_config('parley.tenant', '*', true)`);
        return (await tx.query(`select from gateway.${table} where ${column} = $1`, [id])).length;
      });
    return [await count('stream_listing', 'id'), await count('stream_event', 'stream_id')];
  };
  const age = (id: string) =>
    database.other.transaction(async (tx) => {
      await tx.query(`select set_config('parley.tenant', '*', true)`);
      await tx.query(`update gateway.stream_listing set created_at = created_at - interval '25 hours' where id = $1`, [
        id,
      ]);
    });

  test('debates of probes are forgotten after a day, those of users never', async () => {
    const [old, mine] = [await debateOf(probeTenant), await debateOf('acme')];
    await store.prune(database.db);
    for (const id of [old, mine]) await age(id);
    await store.prune(database.db);
    expect([await known(old), await known(mine)]).toEqual([
      [0, 0],
      [1, 6],
    ]);
  });

  const onServer = kind.name === 'Postgres' ? test : test.skip;
  onServer('the service’s own role forgets probes, and cannot take anything else from its log', async () => {
    const role = { name: `gateway_${randomUUID().slice(0, 8)}`, password: randomUUID() };
    await grantApp(database.other, gatewaySchema, role);
    const url = Object.assign(new URL(database.url ?? ''), { username: role.name, password: role.password }).href;
    const app = openPostgres({ url, poolSize: 1 });
    try {
      const [old, mine] = [await debateOf(probeTenant), await debateOf('acme')];
      for (const id of [old, mine]) await age(id);
      await expect(app.query('delete from gateway.stream_event')).rejects.toMatchObject({ code: '42501' });
      await store.prune(app);
      expect([await known(old), await known(mine)]).toEqual([
        [0, 0],
        [1, 6],
      ]);
    } finally {
      await app.close();
      await database.other.query(`drop owned by ${role.name}; drop role ${role.name}`);
    }
  });
});
