import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deadLetterTopic, type Message, topics } from '@parley/contracts';
import { until } from '@parley/testkit';
import { databases, type TestDatabase } from './databases.ts';
import { idsOf, oneTo, openEvents } from './event-reader.ts';
import { factsOf, parkedReport, publish, turn } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('What the database refuses for good ($name)', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  const buried: Message[] = [];

  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db);
    await gateway.bus.subscribe({
      topics: [deadLetterTopic(topics.debateEvents.name)],
      group: 'test',
      handler: async (batch) => void buried.push(...batch.map(({ message }) => message)),
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  // Before, each of these was read again for ever, and nothing behind it in its partition.
  test.each([
    [
      'a sequence that 32 bits do not hold',
      (fact: Message) => ({ ...fact, sequence: 3_000_000_000, id: fact.id.replace(/1$/, '3000000000') }),
    ],
    ['an id that names no place in a log', (fact: Message) => ({ ...fact, id: `somewhere/${fact.id}/else` })],
    ['a year that is no year', (fact: Message) => ({ ...fact, time: '0000-01-01T00:00:00Z' })],
    ['NUL in the id of a report', (fact: Message) => ({ ...parkedReport(fact.subject), id: `parked/a\0b` })],
  ])('%s is dead-lettered alone, and what surrounds it is shown.', async (_name, spoil) => {
    const id = await gateway.debate();
    const facts = factsOf(id, 2);
    const [first] = facts as [Message, ...Message[]];
    buried.length = 0;
    await publish(gateway.bus, [...facts.slice(0, 3), spoil(first), ...facts.slice(3)]);
    const reader = await openEvents(gateway.url, id);
    expect(idsOf(await reader.rest())).toEqual(oneTo(facts.length));
    await until('it is buried', () => buried.length > 0);
    expect(buried).toHaveLength(1);
    expect(buried[0]?.data).toMatchObject({ group: 'gateway', topic: topics.debateEvents.name, partition: 0 });
  });

  // Before, json_to_recordset refused the event, with everything in its company.
  test('A turn whose text holds NUL or half a character is shown as it is.', async () => {
    const id = await gateway.debate();
    const facts = factsOf(id, 2);
    const text = 'a\0b \ud800 茶';
    await publish(
      gateway.bus,
      facts.map((fact) => (fact.sequence === 2 ? { ...fact, data: { ...turn(1), text } } : fact)),
    );
    const reader = await openEvents(gateway.url, id);
    expect(idsOf(await reader.rest())).toEqual(oneTo(facts.length));
    expect((await gateway.get(`/v1/debates/${id}`)).json).toMatchObject({ turns: [{ text }, {}] });
  });
});
