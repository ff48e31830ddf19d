import { expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { useScope } from '@parley/testkit/scope.ts';
import { databases } from './databases.ts';
import { idsOf, oneTo, openEvents } from './event-reader.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { startGateway } from './running-gateway.ts';

const scope = useScope();
const server = databases.find((kind) => kind.name === 'Postgres');
const onPostgres = server === undefined ? test.skip : test;

onPostgres('a reader hears at once what another replica projects, and resumes there', async () => {
  const database = await server?.open();
  if (database === undefined) throw new Error('no database');
  const rare = { pollMs: 60_000 };
  const reading = await startGateway(database.db, rare);
  const projecting = await startGateway(database.other, rare);
  try {
    for (let n = 0; n < 10; n++) {
      const id = await reading.debate();
      const reader = await openEvents(reading.url, id);
      const facts = factsOf(id, 2);
      await publish(projecting.bus, facts.slice(0, 3));
      expect([(await reader.next())?.id, (await reader.next())?.id, (await reader.next())?.id]).toEqual([
        '1',
        '2',
        '3',
      ]);
      const resumed = await openEvents(projecting.url, id, { lastEventId: 2 });
      await publish(projecting.bus, facts.slice(3));
      expect(idsOf(await reader.rest())).toEqual(oneTo(facts.length).slice(3));
      expect(idsOf(await resumed.rest())).toEqual(oneTo(facts.length).slice(2));
    }
  } finally {
    await reading.stop();
    await projecting.stop();
    await database.close();
  }
});

onPostgres('what two replicas take in at once is one event each, shown to readers of either', async () => {
  const database = await server?.open();
  if (database === undefined) throw new Error('no database');
  const [one, other] = [await startGateway(database.db), await startGateway(database.other)];
  try {
    for (let n = 0; n < 10; n++) {
      const id = await one.debate();
      const readers = await Promise.all([openEvents(one.url, id), openEvents(other.url, id)]);
      const facts = factsOf(id, 2);
      await Promise.all([publish(one.bus, facts), publish(other.bus, facts)]);
      for (const reader of readers) expect(idsOf(await reader.rest())).toEqual(oneTo(facts.length));
    }
  } finally {
    await one.stop();
    await other.stop();
    await database.close();
  }
});

onPostgres(
  'streams are counted over all replicas, also when many open at once, and a crash keeps no place for long',
  async () => {
    const database = await server?.open();
    if (database === undefined) throw new Error('no database');
    scope.own('The database', () => database.close());
    const limits = { streamsPerTenant: 3 };
    const [one, two] = [await startGateway(database.db, limits), await startGateway(database.other, limits)];
    const counted = () =>
      database.db
        .query<{ open: number }>('select open from gateway.open_stream order by open')
        .then((rows) => rows.map(({ open }) => open));
    try {
      const id = await one.debate();
      const asked = await Promise.all([one, two, one, two, one, two, one, two].map(({ url }) => openEvents(url, id)));
      const readers = asked.filter(({ status }) => status === 200);
      expect(asked.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429, 429, 429, 429]);
      for (const reader of readers) reader.leave();
      await until('all places are free', async () => (await counted()).length === 0);

      const again = await openEvents(one.url, id);
      // A gateway that was killed leaves its row behind, which nobody renews.
      const left = `insert into gateway.open_stream values ('default', 'killed', 2, clock_timestamp() + interval '1 hour')`;
      await database.db.query(left);
      expect((await openEvents(two.url, id)).status).toBe(429);
      await database.db.query(`update gateway.open_stream set until = clock_timestamp() where replica = 'killed'`);
      const last = await openEvents(two.url, id);
      expect(last.status).toBe(200);
      for (const reader of [again, last]) reader.leave();
    } finally {
      await one.stop();
      await two.stop();
    }
    expect(await counted()).toEqual([2]);
  },
);
