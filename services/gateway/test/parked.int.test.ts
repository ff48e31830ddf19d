import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Message, topics } from '@parley/contracts';
import type { DebateView } from '@parley/contracts/debate';
import { type ParkedView, parkedPage } from '@parley/contracts/http';
import { until } from '@parley/testkit';
import { bearer, credentialsOf, type Headers, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, park, parkedReport, publish } from './fake-moderator.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('Streams that are set aside, over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let as: (tenant: string) => Headers;
  let ticks = Date.parse('2026-02-01T00:00:00Z');
  const commands: Message[] = [];

  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    as = await credentialsOf(database.db, 'acme', 'umbrella');
    await gateway.bus.subscribe({
      topics: [topics.streamCommands.name],
      group: 'services',
      handler: async (batch) => void commands.push(...batch.map(({ message }) => message)),
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  /** What the owning service says of a stream; each a moment after the one before. */
  const report = (stream: string): Message => {
    ticks += 1_000;
    const time = new Date(ticks).toISOString();
    return { ...parkedReport(stream), id: `parked/${randomUUID()}`, tenant: 'acme', time };
  };
  const unparked = (stream: string): Message => ({
    ...report(stream),
    id: `unparked/${randomUUID()}`,
    type: 'stream-unparked.v1',
    data: { service: 'moderator', kind: 'debate', stream, wasParked: true },
  });
  const listed = async (stream: string, tenant = 'acme'): Promise<ParkedView[]> =>
    parkedPage.parse((await gateway.get('/v1/parked', as(tenant))).json).parked.filter((one) => one.stream === stream);
  const statusOf = async (id: string) =>
    ((await gateway.get(`/v1/debates/${id}`, as('acme'))).json as DebateView).status;

  test("unparking sends its service a command, is written down, and the service's word ends it", async () => {
    const id = await gateway.debate('Tea', as('acme'));
    await publish(gateway.bus, [
      ...factsOf(id, 2)
        .slice(0, 2)
        .map((fact) => ({ ...fact, tenant: 'acme' })),
      report(id),
    ]);
    expect(await statusOf(id)).toBe('parked');
    const [parked] = await listed(id);
    expect(parked).toMatchObject({ service: 'moderator', askedAt: null });

    const { status, json } = await gateway.post(`/v1/parked/${parked?.id}/unpark`, {}, as('acme'));
    expect([status, json]).toEqual([
      202,
      { id: parked?.id, service: 'moderator', stream: id, askedAt: expect.any(String) },
    ]);
    await until('the command is sent', () => commands.some(({ subject }) => subject === id));
    expect(commands.find(({ subject }) => subject === id)).toMatchObject({
      type: 'unpark-stream.v1',
      source: 'gateway',
      tenant: 'acme',
      data: { service: 'moderator', kind: 'debate', stream: id },
    });
    expect((await listed(id))[0]?.askedAt).toEqual(expect.any(String));
    const audit = await gateway.get('/v1/audit', as('acme'));
    expect(audit.text).toContain(`"action":"stream.unpark","target":"${parked?.id}"`);

    await publish(gateway.bus, [unparked(id)]);
    expect(await listed(id)).toEqual([]);
    expect(await statusOf(id)).toBe('debating');
    const late = await gateway.post(`/v1/parked/${parked?.id}/unpark`, {}, as('acme'));
    expect(problemOf(late)).toMatchObject({ status: 409, code: 'NOT_PARKED' });
  });

  test('a stream that fails again is set aside anew, also when all is delivered twice', async () => {
    const [first, tried, second] = [report('s'), unparked('s'), report('s')];
    await publish(gateway.bus, [first, tried, second]);
    await publish(gateway.bus, [first, tried, second]);
    expect(await listed('s')).toHaveLength(1);
    expect((await listed('s'))[0]?.at).toBe(second.time);
  });

  test('one that was given its try by hand is not listed twice when it fails again', async () => {
    await publish(gateway.bus, [report('by hand')]);
    await publish(gateway.bus, [report('by hand')]);
    expect(await listed('by hand')).toHaveLength(1);
  });

  test('the same Idempotency-Key is one command; another body, another tenant and a reader are refused', async () => {
    await park(gateway.bus, 'keyed', 'acme');
    const [parked] = await listed('keyed');
    const at = `/v1/parked/${parked?.id}/unpark`;
    const key = { ...as('acme'), 'Idempotency-Key': randomUUID() };
    const [one, same] = [await gateway.post(at, {}, key), await gateway.post(at, {}, key)];
    expect([one.status, same.json]).toEqual([202, one.json]);
    await until('it is sent', () => commands.some(({ subject }) => subject === 'keyed'));
    expect(commands.filter(({ subject }) => subject === 'keyed')).toHaveLength(1);
    expect((await gateway.post(at, { reason: 'x' }, as('acme'))).status).toBe(400);
    expect((await gateway.post(at, {}, as('umbrella'))).status).toBe(404);
    expect((await listed('keyed', 'umbrella')).length).toBe(0);
    const writer = bearer(await keyFor(database.db, 'acme', ['write']));
    expect(problemOf(await gateway.post(at, {}, writer))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });
});
