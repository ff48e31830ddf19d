import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMemoryBus } from '@parley/bus';
import { type Message, topics } from '@parley/contracts';
import { type SystemView, systemView } from '@parley/contracts/http';
import { createStatusReport } from '@parley/runtime';
import { until } from '@parley/testkit';
import { createStatusBoard } from '../src/operating/status-board.ts';
import { bearer, type Headers, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { bury, letterOf } from './fake-moderator.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('How the services do, over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let admin: Headers;
  beforeAll(async () => {
    database = await kind.open();
    const replica = { name: 'here/1', version: '7', heartbeatAgeMs: () => 1_500 };
    gateway = await startGateway(database.db, { auth: {}, replica });
    admin = bearer(await keyFor(database.db, 'acme'));
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });
  async function of(service: string) {
    const view: SystemView = systemView.parse((await gateway.get('/v1/system', { ...admin })).json);
    return view.services.find((one) => one.service === service);
  }

  test('a gateway hears itself with what waits in its tables; who does not report is unheard', async () => {
    await until('it has reported', async () => (await of('gateway'))?.status === 'ok');
    expect(await of('gateway')).toMatchObject({
      backlog: { outbox: 0, oldestOutboxSeconds: null, parkedStreams: 0 },
      replicas: [{ replica: 'here/1', version: '7', status: 'ok', heartbeatAgeSeconds: 1.5, leases: 0 }],
    });
    expect(await of('debater-a')).toMatchObject({ status: 'unheard', backlog: null, replicas: [] });
  });

  test('replicas of a service stand side by side, and one that says goodbye is gone', async () => {
    const reports = ['one', 'two'].map((name) =>
      createStatusReport({
        bus: gateway.bus,
        service: 'debater-b',
        replica: { name, version: '1' },
        models: ['llama'],
        leases: () => 3,
      }),
    );
    for (const report of reports) report.start();
    await until('both are heard', async () => (await of('debater-b'))?.replicas.length === 2);
    expect((await of('debater-b'))?.replicas[0]).toMatchObject({ replica: 'one', models: ['llama'], leases: 3 });
    reports[0]?.leave();
    await until('one is gone', async () => (await of('debater-b'))?.replicas.length === 1);
    reports[1]?.leave();
  });

  test('dead letters are counted for the service that could not read them, until they are sent again', async () => {
    await bury(gateway.bus, [letterOf('acme', 1), letterOf('umbrella', 2)]);
    expect((await of('moderator'))?.deadLetters).toBe(2);
    const { letters } = (await gateway.get('/v1/dead-letters', { ...admin })).json as { letters: { id: string }[] };
    expect(letters).toHaveLength(1);
    expect((await gateway.post(`/v1/dead-letters/${letters[0]?.id}/replay`, {}, admin)).status).toBe(202);
    expect((await of('moderator'))?.deadLetters).toBe(1);
  });

  test('it is for admins', async () => {
    const writer = bearer(await keyFor(database.db, 'acme', ['read', 'write']));
    expect(problemOf(await gateway.get('/v1/system', writer))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });
});

test('the board forgets who is silent for long, takes no report of one service from another, and stays small', async () => {
  let nowMs = 0;
  const board = createStatusBoard(() => nowMs);
  const bus = createMemoryBus();
  const sent: Message[] = [];
  bus.onBroadcast(topics.status.name, (message) => void sent.push(message));
  const report = createStatusReport({ bus, service: 'moderator', replica: { name: 'a', version: '1' } });
  report.start();
  await until('it is sent', () => sent.length === 1);
  report.leave();
  await bus.stop();
  const [first] = sent as [Message];
  board.hear(first);
  board.hear({ ...first, source: 'debater-a', data: { ...(first.data as object), replica: 'b' } });
  board.hear({ ...first, data: { service: 'moderator' } });
  expect(board.read()).toHaveLength(1);
  nowMs = 10 * 60_000 + 1;
  expect(board.read()).toEqual([]);
  for (let i = 0; i < 1_200; i++) board.hear({ ...first, data: { ...(first.data as object), replica: `r${i}` } });
  expect(board.read()).toHaveLength(1_000);
});
