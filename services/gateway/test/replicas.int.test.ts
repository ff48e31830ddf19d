import { expect, test } from '@jest/globals';
import { databases } from './databases.ts';
import { idsOf, oneTo, openEvents } from './event-reader.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { startGateway } from './running-gateway.ts';

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
