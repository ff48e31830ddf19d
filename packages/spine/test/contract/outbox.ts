import { expect, test } from '@jest/globals';
import { type Message, ParleyError } from '@parley/contracts';
import { createOutbox, type Publisher } from '../../src/index.ts';
import { add, deliver, until, type World } from '../world.ts';
import { rewriting } from '../wrappers.ts';

export function outbox(world: World): void {
  const emptied = () =>
    until('the outbox is empty', async () => (await world.rows('select 1 from $S.outbox')).length === 0);
  /** Sequences of one stream in the order of their first arrival at a reader that knows messages by id. */
  function sequences(subject: string): (number | undefined)[] {
    const firsts = new Map(world.messages().map((message) => [message.id, message]));
    return [...firsts.values()].filter((message) => message.subject === subject).map(({ sequence }) => sequence);
  }

  test('messages of a stream are sent in the order of its events while two replicas tick and send', async () => {
    const [a, b] = [world.spine(), world.spine()];
    await a.start();
    await b.start();
    const streams = Array.from({ length: 8 }, (_, i) => `s${i}`);
    for (let round = 0; round < 15; round++) {
      await Promise.all(
        [a, b].map((spine) =>
          deliver(
            spine,
            streams.map((stream) => add(stream)),
          ),
        ),
      );
    }
    await emptied();
    for (const stream of streams) expect(sequences(stream)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  test('what was just committed is sent without reading it back, and forgotten many rows at a time', async () => {
    let readings = 0;
    let rowsRead = 0;
    const db = rewriting(world.db, (text, values, sql) => {
      if (!text.includes('sent as (delete from')) return undefined;
      return sql.query<{ pos: string | null }>(text, values).then((rows) => {
        readings += 1;
        rowsRead += rows.length;
        return rows;
      });
    });
    const spine = world.spine({ db, pollMs: 60_000 });
    await spine.start();
    await spine.receive([add('first')]);
    await emptied();
    readings = 0;
    rowsRead = 0;
    for (let i = 0; i < 100; i++) await spine.receive([add('a')]);
    await emptied();
    expect(sequences('a')).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(world.messages()).toHaveLength(101);
    // One of them may be committed just before its relay takes it, while the table is read.
    expect(rowsRead).toBeLessThan(20);
    expect(readings).toBeLessThan(50);
  });

  test('a process that dies between sending and marking has its successor send the same messages again', async () => {
    const a = world.spine({
      failpoint: (point) => {
        if (point === 'after-send-before-mark') void a.crash();
      },
    });
    await a.start();
    await a.receive([add('a'), add('a')]);
    await until('it has sent', () => world.messages().length === 2);
    await world.rows(`update $S.relay set until = '-infinity'`);
    const b = world.spine();
    await b.start();
    await emptied();
    const ids = ['counter/a/1', 'counter/a/2'];
    expect(world.messages().map(({ id }) => id)).toEqual([...ids, ...ids]);
  });

  test('only one of two relays sends while its lease lives; the other takes over when it ends', async () => {
    const by: string[] = [];
    const bus = (name: string): Publisher => ({
      async publish(topic, messages) {
        by.push(name);
        await world.recorder.publish(topic, messages);
      },
    });
    const [a, b] = [world.spine({ bus: bus('A') }), world.spine({ bus: bus('B') })];
    await a.start();
    await until(
      'A holds the lease',
      async () => (await world.rows('select 1 from $S.relay where until > clock_timestamp()')).length === 1,
    );
    await b.start();
    for (let i = 0; i < 10; i++) await b.receive([add('a')]);
    await emptied();
    expect(new Set(by)).toEqual(new Set(['A']));
    await a.crash();
    await b.receive([add('a')]);
    expect(await world.rows('select 1 from $S.outbox')).toHaveLength(1);
    await world.rows(`update $S.relay set until = clock_timestamp() - interval '1 second'`);
    await emptied();
    expect(by.at(-1)).toBe('B');
  });

  test('a relay that stops sends what is left and lets another take over at once', async () => {
    const [a, b] = [world.spine(), world.spine()];
    await a.start();
    await a.receive([add('a')]);
    await a.stop();
    expect(world.messages()).toHaveLength(1);
    await b.start();
    await b.receive([add('a')]);
    await until('B has sent', () => world.messages().length === 2);
  });

  test('a message that can never be sent is named and does not hold up the others', async () => {
    const check = (messages: readonly Message[]): void => {
      if (messages.some(({ subject }) => subject === 'big')) throw new ParleyError('MESSAGE_TOO_LARGE', 'Too large.');
    };
    const spine = world.spine({
      bus: {
        async publish(topic, messages) {
          check(messages);
          await world.recorder.publish(topic, messages);
        },
      },
    });
    await spine.receive([add('a'), add('big'), add('c')]);
    await spine.start();
    await emptied();
    expect(world.messages().map(({ subject }) => subject)).toEqual(['a', 'c']);
    expect(spine.troubles).toEqual([expect.stringContaining('counter/big/1')]);
  });

  test('a fault of the bus that nobody foresaw loses no message', async () => {
    let faults = 3;
    const spine = world.spine({
      bus: {
        async publish(topic, messages) {
          faults -= 1;
          if (faults >= 0) throw new TypeError('cannot read properties of undefined');
          await world.recorder.publish(topic, messages);
        },
      },
    });
    await spine.start();
    await spine.receive([add('a'), add('b')]);
    await emptied();
    expect(world.messages()).toHaveLength(2);
  });

  test('batches fly one behind the other; one that fails is sent again before what was behind it', async () => {
    const asked: string[][] = [];
    const slam: (() => void)[] = [];
    let isAway = true;
    const spine = world.spine({
      bus: {
        async publish(topic, messages) {
          asked.push(messages.map((message) => message.id));
          if (isAway) await new Promise<void>((_, reject) => slam.push(() => reject(new Error('the broker is away'))));
          await world.recorder.publish(topic, messages);
        },
      },
    });
    await spine.start();
    await spine.receive([add('a')]);
    await until('the first flies', () => slam.length === 1);
    await spine.receive([add('a')]);
    await until('the second flies behind it', () => slam.length === 2);
    isAway = false;
    for (const reject of slam) reject();
    await emptied();
    expect(asked.slice(0, 2)).toEqual([['counter/a/1'], ['counter/a/2']]);
    expect(sequences('a')).toEqual([1, 2]);
  });

  test('a topic that is away is tried again without repeating what another topic has taken', async () => {
    let isAway = true;
    let refusals = 0;
    const box = createOutbox({
      db: { ...world.db, isExclusive: false },
      schema: world.schema,
      service: 'test',
      pollMs: 20,
      bus: {
        async publish(topic, messages) {
          if (topic === 'away' && isAway) {
            refusals += 1;
            throw new ParleyError('BUS_STOPPED', 'Later.', { retryable: true });
          }
          await world.recorder.publish(topic, messages);
        },
      },
    });
    await box.start();
    await world.db.transaction(async (sql) => {
      await box.write(sql, 'away', [message(1)]);
      await box.write(sql, 'here', [message(2)]);
    });
    box.notify();
    await until('it was tried three times', () => refusals >= 3);
    isAway = false;
    await emptied();
    await box.stop();
    expect(world.sent.map(({ topic }) => topic)).toEqual(['here', 'away']);
  });

  const onPostgres = world.kind === 'Postgres' ? test : test.skip;
  onPostgres(
    'numbers are not commit order: a cursor loses the row that commits late, the outbox does not',
    async () => {
      const box = createOutbox({
        db: { ...world.db, isExclusive: false },
        schema: world.schema,
        service: 'test',
        bus: world.recorder,
        pollMs: 20,
      });
      const written = Promise.withResolvers<void>();
      const commit = Promise.withResolvers<void>();
      const first = world.db.transaction(async (sql) => {
        await box.write(sql, 't', [message(1)]);
        written.resolve();
        await commit.promise;
      });
      await written.promise;
      await world.db.transaction((sql) => box.write(sql, 't', [message(2)]));
      /** A reader that remembers the last number it saw. */
      const seen: string[] = [];
      const read = async (): Promise<void> => {
        const rows = await world.rows<{ pos: string }>('select pos from $S.outbox where pos > $1 order by pos', [
          seen.at(-1) ?? 0,
        ]);
        seen.push(...rows.map(({ pos }) => pos));
      };
      await read();
      await box.start();
      await until('the second is sent', () => world.messages().length === 1);
      commit.resolve();
      await first;
      await read();
      expect(seen).toHaveLength(1);
      await until('the first is sent too', () => world.messages().length === 2);
      expect(world.messages().map(({ id }) => id)).toEqual(['2', '1']);
      await box.stop();
    },
  );

  test('a message with NUL in it goes through the outbox of a service without processes', async () => {
    const options = { db: { ...world.db, isExclusive: false }, schema: world.schema, service: 'test' };
    const box = createOutbox({ ...options, bus: world.recorder, pollMs: 20 });
    await world.db.transaction((sql) => box.write(sql, 't', [{ ...message(1), data: { text: 'a\0\ud800' } }]));
    await box.start();
    await until('it is sent', () => world.messages().length === 1);
    expect(world.messages()[0]?.data).toEqual({ text: 'a\0\ud800' });
    await box.stop();
  });
}

function message(id: number): Message {
  const time = '2026-01-01T00:00:00.000Z';
  return { id: String(id), type: 'told.v1', source: 'test', subject: 's', time, data: {} };
}
