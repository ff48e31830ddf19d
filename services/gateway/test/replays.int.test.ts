import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import type { ReplayPage, ReplayView } from '@parley/contracts/debate';
import type { UsageView } from '@parley/contracts/http';
import { until } from '@parley/testkit';
import { credentialsOf, type Headers } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, parkedReport, publish, verdict } from './fake-moderator.ts';
import { fieldsOf, problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const time = '2026-01-02T03:04:06.000Z';
const rules = { thresholds: { containment: 0.4 }, judge: { panel: 3 } };
const result = {
  original: { rounds: 1, stopReason: 'max_rounds', alsoTrue: [], tokens: 30, verdict },
  replay: {
    rounds: 1,
    stopReason: 'redundant',
    alsoTrue: [],
    tokens: 30,
    verdict,
    turns: [],
    votes: [],
    positionFlip: false,
  },
  tokensSaved: 0,
  usage: { inputTokens: 70, outputTokens: 5 },
};

describe.each(databases)('Replays over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let acme: Headers;
  let other: Headers;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    const as = await credentialsOf(database.db, 'acme', 'umbrella');
    [acme, other] = [as('acme'), as('umbrella')];
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  async function closedDebate(): Promise<string> {
    const { json } = await gateway.post('/v1/debates', { topic: 'Tea' }, acme);
    const { id } = json as { id: string };
    await publish(
      gateway.bus,
      factsOf(id, 2).map((message) => ({ ...message, tenant: 'acme' })),
    );
    return id;
  }
  async function replayOf(debate: string, body: unknown = rules): Promise<string> {
    const { status, json } = await gateway.post(`/v1/debates/${debate}/replays`, body, acme);
    expect(status).toBe(202);
    return (json as { id: string }).id;
  }
  const fact = (id: string, sequence: number, type: string, data: unknown): Message => ({
    id: `replay/${id}/${sequence}`,
    type,
    source: 'moderator',
    subject: id,
    tenant: 'acme',
    time,
    sequence,
    data,
  });
  const read = async (debate: string, id: string) =>
    (await gateway.get(`/v1/debates/${debate}/replays/${id}`, acme)).json as ReplayView;

  test('One is accepted with its place, and the moderator is told under the id of the debate.', async () => {
    const debate = await closedDebate();
    const { status, headers, json } = await gateway.post(`/v1/debates/${debate}/replays`, rules, acme);
    const { id } = json as { id: string };
    expect({ status, json }).toEqual({ status: 202, json: { id, debate, status: 'accepted' } });
    expect(headers.get('location')).toBe(`/v1/debates/${debate}/replays/${id}`);
    await until('it is sent', () => gateway.commands.some(({ type }) => type === 'replay-debate.v1'));
    const command = gateway.commands.find(({ type, subject }) => type === 'replay-debate.v1' && subject === debate);
    expect(command).toMatchObject({ id: `replay/${id}`, tenant: 'acme', data: { replay: id, rules } });
    expect(await read(debate, id)).toMatchObject({ id, debate, status: 'accepted', rules, result: null, reason: null });
  });

  test('It is shown as its events say, and the debate keeps its own numbers.', async () => {
    const debate = await closedDebate();
    const before = (await gateway.get(`/v1/debates/${debate}`, acme)).json;
    const [done, failed, parked] = [await replayOf(debate), await replayOf(debate, {}), await replayOf(debate, {})];
    const started = fact(done, 1, 'replay-started.v1', { debate, rules });
    await publish(gateway.bus, [started]);
    expect(await read(debate, done)).toMatchObject({ status: 'judging', finishedAt: null });
    const finished = fact(done, 2, 'replay-finished.v1', { debate, ...result });
    await publish(gateway.bus, [finished, started, finished]);
    const report = parkedReport(parked);
    await publish(gateway.bus, [
      fact(failed, 1, 'replay-failed.v1', { debate, reason: 'No such log.' }),
      { ...report, tenant: 'acme', data: { ...(report.data as object), kind: 'replay' } },
    ]);
    expect(await read(debate, done)).toMatchObject({ status: 'finished', finishedAt: time, result });
    expect(await read(debate, failed)).toMatchObject({ status: 'failed', reason: 'No such log.', result: null });
    expect(await read(debate, parked)).toMatchObject({ status: 'parked' });
    const { replays } = (await gateway.get(`/v1/debates/${debate}/replays`, acme)).json as ReplayPage;
    expect(replays.map(({ id }) => id)).toEqual([parked, failed, done]);
    expect((await gateway.get(`/v1/debates/${debate}`, acme)).json).toEqual(before);
    const { json: used } = await gateway.get('/v1/usage?groupBy=agent&from=2026-01-02&to=2026-01-02', acme);
    const { groups } = used as UsageView;
    const judges = { key: 'moderator', inputTokens: 70, outputTokens: 5, calls: 1, cost: null };
    expect(groups.find(({ key }) => key === 'moderator')).toEqual(judges);
    const told = async (id: string) =>
      (await gateway.get(`/v1/replays/${id}/events`, acme)).text.match(/^(id|event): .*/gm);
    expect(await told(done)).toEqual(['id: 1', 'event: replay-started.v1', 'id: 2', 'event: replay-finished.v1']);
    expect(await told(failed)).toEqual(['id: 1', 'event: replay-failed.v1']);
  });

  test('The same Idempotency-Key is one replay; with other rules it is refused.', async () => {
    const debate = await closedDebate();
    const headers = { ...acme, 'Idempotency-Key': randomUUID() };
    const ask = (body: unknown) => gateway.post(`/v1/debates/${debate}/replays`, body, headers);
    const [first, again, other] = [await ask(rules), await ask(rules), await ask({})];
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect([other.status, problemOf(other).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('A debate that is not over is refused with the remedy.', async () => {
    const { json } = await gateway.post('/v1/debates', { topic: 'Tea' }, acme);
    const reply = await gateway.post(`/v1/debates/${(json as { id: string }).id}/replays`, {}, acme);
    expect([reply.status, problemOf(reply).code]).toEqual([409, 'NOT_FINISHED']);
    expect(problemOf(reply).detail).toMatch(/only one that is over can be replayed\. Cancel it, or wait\.$/);
  });

  test('Nobody finds the debate or the replay of another tenant.', async () => {
    const debate = await closedDebate();
    const id = await replayOf(debate);
    const paths = [`/v1/debates/${debate}/replays`, `/v1/debates/${debate}/replays/${id}`];
    for (const path of paths) expect((await gateway.get(path, other)).status).toBe(404);
    expect((await gateway.post(paths[0] ?? '', {}, other)).status).toBe(404);
    const elsewhere = await closedDebate();
    expect((await gateway.get(`/v1/debates/${elsewhere}/replays/${id}`, acme)).status).toBe(404);
    expect((await gateway.get(`/v1/debates/${debate}/replays/${randomUUID()}`, acme)).status).toBe(404);
  });

  test.each([
    [{ judge: { panel: 2 } }, 'judge.panel'],
    [{ judge: { model: 'a b' } }, 'judge.model'],
    [{ thresholds: { containment: 1.5 } }, 'thresholds.containment'],
    [{ thresholds: { cosine: -2 } }, 'thresholds.cosine'],
    [{ stop: { maxRounds: 33 } }, 'stop.maxRounds'],
    [{ stop: { maxRounds: 2, minRounds: 3 } }, 'stop.minRounds'],
    [{ stop: { staleRounds: 0 } }, 'stop.staleRounds'],
    [{ stops: {} }, 'stops'],
  ])('%j is refused by the name of its field', async (body, field) => {
    const reply = await gateway.post(`/v1/debates/${randomUUID()}/replays`, body, acme);
    expect(reply.status).toBe(400);
    expect(fieldsOf(reply).join() + problemOf(reply).detail).toContain(field);
  });

  test.each(['x', randomUUID().slice(1)])('the id %s is refused', async (id) => {
    expect((await gateway.get(`/v1/debates/${id}/replays`, acme)).status).toBe(400);
    expect((await gateway.get(`/v1/debates/${randomUUID()}/replays/${id}`, acme)).status).toBe(400);
  });
});
