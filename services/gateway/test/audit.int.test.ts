import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditPage, type NewKeyView } from '@parley/contracts/http';
import { openAudit } from '../src/operator.ts';
import { bearer, type Headers, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('The audit log over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let admin: Headers;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    admin = bearer(await keyFor(database.db, 'acme'));
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  const read = async (query = '', headers = admin) =>
    auditPage.parse((await gateway.get(`/v1/audit${query}`, headers)).json);
  const actions = async () => (await read()).entries.map(({ action, target }) => `${action} ${target}`);
  const broken = async () =>
    (await openAudit(database.db).checkAll()).filter(({ checked }) => !checked.ok).map(({ tenant }) => tenant);

  test('says who did what to keys and debates, in order, and is whole', async () => {
    const { json } = await gateway.post('/v1/keys', { name: 'A robot', scopes: ['read'] }, admin);
    const { id: key } = json as NewKeyView;
    const renewed = await gateway.post(`/v1/keys/${key}/rotate`, {}, admin);
    await gateway.send('DELETE', `/v1/keys/${key}`, { ...admin });
    const started = await gateway.post('/v1/debates', { topic: 'Tea' }, admin);
    const { id } = started.json as { id: string };
    for (const word of ['pause', 'resume', 'cancel']) await gateway.post(`/v1/debates/${id}/${word}`, {}, admin);
    await publish(
      gateway.bus,
      factsOf(id, 2).map((message) => ({ ...message, tenant: 'acme' })),
    );
    await gateway.post(`/v1/debates/${id}/replays`, {}, admin);
    expect(await actions()).toEqual([
      `key.create ${key}`,
      `key.rotate ${key}`,
      `key.revoke ${key}`,
      `debate.pause ${id}`,
      `debate.resume ${id}`,
      `debate.cancel ${id}`,
      `debate.replay ${id}`,
    ]);
    const { entries, next } = await read('?after=2&limit=3');
    expect([entries.map(({ seq }) => seq), next]).toEqual([[3, 4, 5], 5]);
    expect(entries[0]).toMatchObject({ subject: expect.stringMatching(/^key:/), outcome: 'ok' });
    expect((await gateway.get('/v1/audit')).text + JSON.stringify(await read())).not.toContain(
      (renewed.json as NewKeyView).key.slice(-43),
    );
    expect(await broken()).toEqual([]);
  });

  test('what was refused by the rules is no act, and a repeated request is one', async () => {
    const before = (await actions()).length;
    const headers = { ...admin, 'Idempotency-Key': 'once' };
    const { json } = await gateway.post('/v1/debates', { topic: 'Tea' }, admin);
    const { id } = json as { id: string };
    for (let i = 0; i < 2; i += 1) await gateway.post(`/v1/debates/${id}/cancel`, {}, headers);
    await publish(
      gateway.bus,
      factsOf(id, 2).map((message) => ({ ...message, tenant: 'acme' })),
    );
    expect((await gateway.post(`/v1/debates/${id}/cancel`, {}, admin)).status).toBe(409);
    expect((await actions()).length).toBe(before + 1);
  });

  test('many at once take one number each', async () => {
    const made = Array.from({ length: 20 }, () =>
      gateway.post('/v1/keys', { name: 'One of many', scopes: ['read'] }, admin),
    );
    expect((await Promise.all(made)).map(({ status }) => status)).toEqual(Array(20).fill(201));
    expect(await broken()).toEqual([]);
  });

  test('refused credentials stand there without being shown, and do not fill it', async () => {
    const revoked = (await gateway.post('/v1/keys', { name: 'Gone', scopes: ['read'] }, admin)).json as NewKeyView;
    await gateway.send('DELETE', `/v1/keys/${revoked.id}`, { ...admin });
    expect((await gateway.get('/v1/debates', bearer(revoked.key))).status).toBe(401);
    const last = (await read('?limit=1000')).entries.at(-1);
    expect(last).toMatchObject({ action: 'login', subject: `key:${revoked.id}`, outcome: 'refused' });
    for (let i = 0; i < 30; i += 1) await gateway.get('/v1/debates', bearer('sesame-open'));
    const rows = await database.other.query<{ detail: string }>(
      `select detail from gateway.audit where tenant = '*' order by seq`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(10);
    expect(JSON.stringify(rows)).not.toContain('sesame');
  });

  test("is for admins, and of one's own tenant", async () => {
    const writer = bearer(await keyFor(database.db, 'acme', ['write']));
    expect(problemOf(await gateway.get('/v1/audit', writer)).status).toBe(403);
    expect((await read('', bearer(await keyFor(database.db, 'umbrella')))).entries).toEqual([]);
  });

  test('an edited row, and one that is gone, are found', async () => {
    await database.other.query(`update gateway.audit set target = 'x' where tenant = 'acme' and seq = 2`);
    expect(await openAudit(database.db).checkAll()).toContainEqual({
      tenant: 'acme',
      checked: { ok: false, seq: 2, reason: 'row 2 was changed' },
    });
    await database.other.query(`delete from gateway.audit where tenant = 'acme' and seq = 2`);
    expect(await broken()).toEqual(['acme']);
  });
});
