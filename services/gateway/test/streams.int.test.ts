import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StreamPage } from '@parley/contracts/http';
import { credentialsOf, type Headers } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { idsOf, openEvents } from './event-reader.ts';
import { factsOf, failedReplay, parkedReport, publish } from './fake-moderator.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('Streams of all kinds over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let as: (tenant: string) => Headers;
  const ids = { running: '', over: '', waiting: '', failed: '' };

  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    as = await credentialsOf(database.db, 'acme', 'default');
    const idOf = (reply: { json: unknown }) => (reply.json as { id: string }).id;
    ids.running = await gateway.debate('Tea', as('acme'));
    ids.over = await gateway.debate('Coffee', as('acme'));
    const ofAcme = { tenant: 'acme' };
    await publish(
      gateway.bus,
      factsOf(ids.over, 2).map((message) => ({ ...message, ...ofAcme })),
    );
    ids.waiting = idOf(await gateway.post(`/v1/debates/${ids.over}/replays`, {}, as('acme')));
    ids.failed = idOf(await gateway.post(`/v1/debates/${ids.over}/replays`, {}, as('acme')));
    await publish(gateway.bus, [{ ...failedReplay(ids.over, ids.failed), ...ofAcme }]);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  const listed = async (query = '', tenant = 'acme') =>
    (await gateway.get(`/v1/streams${query}`, as(tenant))).json as StreamPage;

  test('are one list, newest first, with the words of their kind and those that all share', async () => {
    const { streams, next } = await listed();
    expect(streams.map(({ id, kind, title, status, ownStatus }) => [id, kind, title, status, ownStatus])).toEqual([
      [ids.failed, 'replay', 'Coffee', 'failed', 'failed'],
      [ids.waiting, 'replay', 'Coffee', 'submitted', 'accepted'],
      [ids.over, 'debate', 'Coffee', 'completed', 'closed'],
      [ids.running, 'debate', 'Tea', 'submitted', 'accepted'],
    ]);
    expect(next).toBeNull();
  });

  test.each([
    ['?kind=replay', ['failed', 'waiting']],
    ['?kind=debate,replay&status=completed,failed', ['failed', 'over']],
    ['?status=submitted', ['waiting', 'running']],
    ['?status=rejected', []],
  ] as const)('are found by %s', async (query, names) => {
    expect((await listed(query)).streams.map(({ id }) => id)).toEqual(names.map((name) => ids[name]));
  });

  test('come in pages that end nowhere in between', async () => {
    const first = await listed('?limit=3');
    const second = await listed(`?limit=3&cursor=${first.next}`);
    expect([...first.streams, ...second.streams].map(({ id }) => id)).toEqual([
      ids.failed,
      ids.waiting,
      ids.over,
      ids.running,
    ]);
    expect(second.next).toBeNull();
  });

  test.each([
    ['?kind=lunch', 'kind.0'],
    ['?status=closed', 'status.0'],
    ['?limit=0', 'limit'],
    ['?sort=up', undefined],
  ])('refuse %s by its field', async (query, field) => {
    const problem = problemOf(await gateway.get(`/v1/streams${query}`, as('acme')));
    expect(problem).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    if (field !== undefined) expect(problem.errors?.map((one) => one.field)).toEqual([field]);
  });

  test("of a tenant are not in another tenant's list, and not to be followed by it", async () => {
    expect(await listed('', 'default')).toEqual({ streams: [], next: null });
    expect((await gateway.get(`/v1/replays/${ids.failed}/events`, as('default'))).status).toBe(404);
  });

  test('of one kind are not found under another', async () => {
    expect((await gateway.get(`/v1/replays/${ids.over}/events`, as('acme'))).status).toBe(404);
    expect((await gateway.get(`/v1/debates/${ids.failed}`, as('acme'))).status).toBe(404);
  });

  test('that are replays are followed live, from any event on, and end', async () => {
    const headers = as('acme');
    const replay = (await gateway.post(`/v1/debates/${ids.over}/replays`, {}, headers)).json as { id: string };
    const reader = await openEvents(gateway.url, replay.id, { kind: 'replays', headers });
    const started = { ...failedReplay(ids.over, replay.id), type: 'replay-started.v1', tenant: 'acme' };
    const ended = { ...failedReplay(ids.over, replay.id), id: `replay/${replay.id}/2`, sequence: 2, tenant: 'acme' };
    await publish(gateway.bus, [{ ...started, data: { debate: ids.over, rules: {} } }]);
    await publish(gateway.bus, [ended]);
    expect(idsOf(await reader.rest())).toEqual([1, 2]);
    const later = await openEvents(gateway.url, replay.id, { kind: 'replays', headers, after: 1 });
    expect(idsOf(await later.rest())).toEqual([2]);
    expect((await gateway.get(`/v1/replays/${replay.id}/events?after=2`, headers)).status).toBe(204);
  });

  test('that are set aside say so in the list, and what they were when they go on', async () => {
    const data = { service: 'moderator', kind: 'replay', stream: ids.waiting, input: 'effect.succeeded', reason: 'x' };
    const parked = { ...parkedReport(ids.waiting), tenant: 'acme', data };
    await publish(gateway.bus, [parked]);
    const statusOf = async () => (await listed('?kind=replay')).streams.find(({ id }) => id === ids.waiting)?.ownStatus;
    expect(await statusOf()).toBe('parked');
    const time = new Date(Date.parse(parked.time) + 1).toISOString();
    const freed = { service: 'moderator', kind: 'replay', stream: ids.waiting };
    await publish(gateway.bus, [
      { ...parked, id: 'unparked/1', type: 'stream-unparked.v1', time, data: { ...freed, wasParked: true } },
    ]);
    expect(await statusOf()).toBe('accepted');
  });
});
