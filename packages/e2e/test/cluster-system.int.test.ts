import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKafkaBus, type KafkaBus } from '@parley/bus/kafka';
import { serviceNames, topics } from '@parley/contracts';
import type { DeadLetterPage, ServiceView, SystemView } from '@parley/contracts/http';
import { type Database, openPostgres } from '@parley/spine';
import { until as untilSoon, whyMissing } from '@parley/testkit';
import { kafkaDown, kafkaUp, postgresDown, postgresUp, type RunningCluster, startCluster } from '@parley/tools';
import { type Api, createApi } from '../src/api.ts';
import { setAside } from '../src/set-aside.ts';

const name = `system-${process.pid}`;

// Skipped only where no Kafka can be had at all, and then it says why.
const missing = await whyMissing('kafka', kafkaUp({ name }));

const readyMs = 120_000;
/** Reports come every ten seconds: who asks all the time takes their processor. */
const until = (what: string, holds: () => Promise<boolean>) => untilSoon(what, holds, readyMs, () => wait(100));

(missing === undefined ? describe : describe.skip)('The system as its gateway knows it, on Kafka and Postgres', () => {
  let cluster: RunningCluster;
  let owner: Database;
  let bus: KafkaBus;
  let api: Api;

  beforeAll(async () => {
    const { brokers } = await kafkaUp({ name });
    const { url } = await postgresUp({ name });
    owner = openPostgres({ url, poolSize: 1 });
    cluster = await startCluster({
      brokers,
      databaseUrl: url,
      replicas: 1,
      env: { PARLEY_MODEL: 'rehearsal', PARLEY_REHEARSAL_LATENCY_MS: '20' },
      onLine: () => {},
    });
    await cluster.ready(readyMs);
    bus = createKafkaBus({ brokers: brokers.split(','), clientId: 'test', onEvent: () => {} });
    api = createApi(cluster.of('gateway')[0]?.url ?? '');
  }, 300_000);
  afterAll(async () => {
    await bus?.stop();
    await cluster?.stop();
    await owner?.close();
    await kafkaDown({ name, isPurged: true });
    await postgresDown({ name, isPurged: true });
  }, 120_000);

  const of = async (service: string): Promise<ServiceView | undefined> =>
    (await api.json<SystemView>('/v1/system')).body.services.find((one) => one.service === service);

  test('every service is heard, with its backlog, its consumer and its model', async () => {
    await until('all are heard', async () =>
      (await Promise.all(serviceNames.map(of))).every((one) => one?.status === 'ok' && one.backlog !== null),
    );
    for (const service of serviceNames) {
      const [replica] = (await of(service))?.replicas ?? [];
      expect(replica?.heartbeatAgeSeconds).toBeLessThan(10);
      expect(replica?.models).toEqual(service === 'gateway' ? [] : ['rehearsal']);
    }
  }, 200_000);

  test('a stream is unparked by the service that has it, though the gateway may not touch its schema', async () => {
    const id = await api.start({ topic: 'Tea', maxRounds: 32 });
    await api.post(`/v1/debates/${id}/pause`, {});
    await api.until(id, ({ status }) => status === 'paused', readyMs);
    const key = await setAside(owner, id);
    expect((await api.post(`/v1/parked/${key}/unpark`, {})).status).toBe(202);
    await until('it goes on', async () => (await api.debate(id)).turns.length > 0);
    await until('it is not set aside', async () => (await api.post(`/v1/parked/${key}/unpark`, {})).status === 409);
    await api.post(`/v1/debates/${id}/cancel`, {});
  }, 300_000);

  test('a message that nobody can read is kept, and lies there twice after it was sent again in vain', async () => {
    const about = { id: randomUUID(), source: 'test', subject: randomUUID(), time: new Date().toISOString() };
    await bus.publish(topics.debateCommands.name, [{ ...about, type: 'cancel-debate.v9', data: {} }]);
    const letters = async () => (await api.json<DeadLetterPage>('/v1/dead-letters')).body.letters;
    await until('it is kept', async () => (await letters()).length === 1);
    const [letter] = await letters();
    expect(letter).toMatchObject({ service: 'moderator', reason: 'type cancel-debate.v9 is unknown to this build' });
    expect((await api.post(`/v1/dead-letters/${letter?.id}/replay`, {})).status).toBe(202);
    await until('it is kept again', async () => (await letters()).length === 2);
    expect((await of('moderator'))?.deadLetters).toBe(1);
  }, 300_000);

  test('a process that is killed becomes silent, one that is told to go is gone; their successors are heard', async () => {
    const before = (await of('debater-a'))?.replicas[0]?.replica;
    const other = (await of('debater-b'))?.replicas[0]?.replica;
    cluster.of('debater-a')[0]?.signal('SIGKILL');
    cluster.of('debater-b')[0]?.signal('SIGTERM');
    await until('it is silent beside its successor', async () => {
      const { status, replicas } = (await of('debater-a')) as ServiceView;
      const silent = replicas.find(({ replica }) => replica === before);
      return status === 'ok' && replicas.length === 2 && silent?.status === 'silent';
    });
    await until('the other has its successor alone', async () => {
      const { status, replicas } = (await of('debater-b')) as ServiceView;
      return status === 'ok' && replicas.length === 1 && replicas[0]?.replica !== other;
    });
  }, 300_000);
});
