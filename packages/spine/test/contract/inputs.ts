import { expect, test } from '@jest/globals';
import type { Arrival } from '../../src/index.ts';
import { add, ask, deliver, newId, tell, until, type World } from '../world.ts';
import { rewriting } from '../wrappers.ts';

export function inputs(world: World): void {
  test('an input that arrives twice in a batch, or again in a later one, is one arrival', async () => {
    const spine = world.spine();
    await spine.receive([add('a', 5, 'x'), add('a', 5, 'x')]);
    await spine.receive([add('a', 5, 'x')]);
    expect(await world.log('a')).toHaveLength(1);
    expect(spine.reports.map((report) => report.duplicates)).toEqual([1, 1]);
  });

  test('the same inputs given to two replicas at once, in different orders and for new streams, are one arrival each', async () => {
    const [a, b] = [world.spine(), world.spine()];
    for (let round = 0; round < 5; round++) {
      const batch = Array.from({ length: 40 }, (_, i) => add(`r${round}-${i % 20}`));
      await Promise.all([deliver(a, batch), deliver(b, batch.toReversed())]);
    }
    const found = await world.rows<{ streams: number; events: number; wrong: number }>(`select
      (select count(*)::integer from $S.stream) as streams, (select count(*)::integer from $S.event) as events,
      (select count(*)::integer from $S.stream where version <> 2) as wrong`);
    expect(found).toEqual([{ streams: 100, events: 200, wrong: 0 }]);
    expect([...a.parked, ...b.parked]).toEqual([]);
  });

  const many = Array.from({ length: 200 }, (_, i) => i);
  test.each<[string, (round: number) => Arrival[]]>([
    ['the same inputs of many streams', (round) => many.map((i) => add(`d${round}-${i}`))],
    [
      'effects of the same streams',
      (round) => many.map((i) => ask(`d${round}-${i}`, { type: 'ask', keys: ['one', 'two'] })),
    ],
  ])('two replicas that get %s in opposite orders never wait for each other in a circle', async (what, batchOf) => {
    const [a, b] = [world.spine(), world.spine()];
    for (let round = 0; round < 15; round++) {
      const batch = batchOf(round);
      const others = what.startsWith('effects') ? batchOf(round) : batch;
      await Promise.all([a.receive(batch), b.receive(others.toReversed())]);
    }
    expect([...a.parked, ...b.parked]).toEqual([]);
  });

  test('inputs of a stream are handled in the order of their arrival, across batches and calls', async () => {
    const spine = world.spine();
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    await Promise.all(numbers.map((i) => spine.receive([add('a', i), add(`other-${i % 7}`, i)])));
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual(numbers);
  });

  test('a tick serves 200 streams in as many statements as 10', async () => {
    const statements: string[] = [];
    const db = rewriting(world.db, (text) => {
      statements.push(text);
      return undefined;
    });
    const spine = world.spine({ db });
    const counted: number[] = [];
    for (const streams of [10, 200, 10, 200]) {
      statements.length = 0;
      await spine.receive(Array.from({ length: streams }, (_, i) => ask(`s${i}`, { type: 'ring', afterMs: 60_000 })));
      counted.push(statements.length);
    }
    // The first one asks what time it is; the others go on from what it left.
    expect(counted).toEqual([3, 1, 1, 1]);
  });

  test('events are numbered without gaps, whatever was refused or repeated in between', async () => {
    const spine = world.spine();
    await spine.receive([add('a', 1), add('a', -1), add('a', 2)]);
    await spine.receive([add('a', -1), add('a', 3), add('a', 3, 'x'), add('a', 3, 'x')]);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([1, 2, 3, 3]);
  });

  test('a refused input is acknowledged and counted, and creates no stream', async () => {
    const spine = world.spine();
    await spine.receive([add('a', -1, 'x')]);
    expect([...(spine.reports[0]?.refused ?? [])]).toEqual([['NEGATIVE', 1]]);
    expect(await world.rows('select id from $S.stream')).toEqual([]);
    await spine.receive([add('a', -1, 'x')]);
    expect(spine.reports[1]?.duplicates).toBe(1);
  });

  test('an input for a stream of another kind is refused and the stream goes on', async () => {
    const spine = world.spine();
    await spine.receive([add('a')]);
    await spine.receive([ask('a', { type: 'end' }), add('a')]);
    expect([...(spine.reports[1]?.refused ?? [])]).toEqual([['WRONG_KIND', 1]]);
    expect(await world.log('a')).toHaveLength(2);
  });

  test('NUL and halves of surrogate pairs in data survive, beside a stream that has none', async () => {
    const text = 'a\0b \ud83d c \udc00 d \\u0000 😀 "';
    const spine = world.spine();
    await spine.start();
    await spine.receive([add('a', 1, newId(), text), add('b', 1, newId(), 'plain')]);
    expect((await world.log('a'))[0]?.data.text).toBe(text);
    expect((await world.log('b'))[0]?.data.text).toBe('plain');
    await until('both messages are sent', () => world.messages().length === 2);
    expect(world.messages().find((message) => message.subject === 'a')?.data).toEqual({ by: 1, text });
  });

  test('an input whose names no text column holds is dropped aloud, and the others get through', async () => {
    const spine = world.spine();
    await spine.receive([add('a\0', 1), add('b', 1), add('c', 1, 'half \ud800')]);
    expect(await world.log('b')).toHaveLength(1);
    expect(spine.troubles).toHaveLength(2);
    expect(spine.troubles[0]).toContain('a\\u0000');
  });

  test('spine.fractional-clock: time is whole milliseconds, although the clock of Postgres has microseconds', async () => {
    const spine = world.spine();
    for (let i = 0; i < 20; i++) await spine.receive([ask(`t${i}`, { type: 'ring', afterMs: 1000 })]);
    const events = await Promise.all(Array.from({ length: 20 }, (_, i) => world.log(`t${i}`)));
    for (const { data } of events.flat()) expect(Number.isInteger(data.dueAt)).toBe(true);
  });

  test('a finished stream refuses, and its events stay', async () => {
    const spine = world.spine();
    await spine.receive([add('a'), tell('a', 'end')]);
    await spine.receive([add('a')]);
    expect([...(spine.reports[1]?.refused ?? [])]).toEqual([['ENDED', 1]]);
    expect(await world.rows('select status, version from $S.stream')).toEqual([{ status: 'finished', version: 2 }]);
  });
}
