import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { RawReader } from './raw-reader.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const many = 300;
const pollMs = 25;

describe.each(databases)('Many readers of one debate over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  /** Statements that read events. */
  let readings = 0;
  let open: RawReader[] = [];

  beforeAll(async () => {
    database = await kind.open();
    const { db } = database;
    gateway = await startGateway(
      {
        ...db,
        transaction: (work, options) =>
          db.transaction(
            (tx) =>
              work({
                ...tx,
                finish(text, values) {
                  if (/from "gateway"\.stream_event/.test(text)) readings++;
                  return tx.finish(text, values);
                },
              }),
            options,
          ),
      },
      { pollMs },
    );
  });
  afterEach(async () => {
    for (const reader of open) reader.cut();
    await until('nobody watches', () => gateway.watchers() === 0);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  async function openMany(debate: string): Promise<RawReader[]> {
    open = Array.from({ length: many }, () => new RawReader({ port: gateway.port, debate }));
    for (const reader of open) reader.connect();
    await until('all watch', () => gateway.watchers() === many);
    return open;
  }
  const counts = (readers: readonly RawReader[]) => [...new Set(readers.map(({ got }) => got))];
  const faults = (readers: readonly RawReader[]) => readers.flatMap((reader) => reader.faults);

  test('Each gets every event once and in order.', async () => {
    const id = await gateway.debate();
    const readers = await openMany(id);
    const facts = factsOf(id, 8);
    for (const fact of facts) await publish(gateway.bus, [fact]);
    await until('all have all', () => readers.every(({ last }) => last === facts.length));
    expect([counts(readers), faults(readers)]).toEqual([[facts.length], []]);
  });

  test('They look for what they missed together: idle ones cost one reading a poll.', async () => {
    const id = await gateway.debate();
    const readers = await openMany(id);
    await publish(gateway.bus, factsOf(id, 8).slice(0, 1));
    await until('all have caught up', () => readers.every(({ last }) => last === 1));
    const [began, before] = [performance.now(), readings];
    await until('some polls have passed', () => readings - before >= 40);
    // One by one, these would be fewer than what they read in one poll.
    expect(performance.now() - began).toBeGreaterThan(20 * pollMs);
  });

  test('All are cut off and come back at once, three times, and nothing is lost or comes twice.', async () => {
    const id = await gateway.debate();
    const readers = await openMany(id);
    const facts = factsOf(id, 16);
    for (const [i, fact] of facts.entries()) {
      const published = publish(gateway.bus, [fact]);
      if ([5, 10, 15].includes(i)) {
        for (const reader of readers) reader.cut();
        for (const reader of readers) reader.connect();
      }
      await published;
    }
    await until('all have all', () => readers.every(({ last }) => last === facts.length));
    expect([counts(readers), faults(readers)]).toEqual([[facts.length], []]);
  });
});
