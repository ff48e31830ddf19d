import { expect, test } from '@jest/globals';
import { build } from '../deciders.ts';
import { add, ask, newId, tell, until, type World } from '../world.ts';

export function parking(world: World): void {
  const status = (stream: string) =>
    world
      .rows<{ status: string; reason: string | null }>(
        'select status, parked_reason as reason from $S.stream where id = $1',
        [stream],
      )
      .then(([row]) => row);

  test('a stream whose decide throws is parked with its inputs and reported; the others of its batch commit', async () => {
    const spine = world.spine({ parkedTopic: 'parked' });
    await spine.start();
    await spine.receive([add('a')]);
    await spine.receive([add('a', 2), tell('a', 'explode'), add('a', 3), add('b'), tell('new', 'explode')]);
    expect(await status('a')).toEqual({ status: 'parked', reason: 'the counter exploded\ufffd' });
    expect(await status('new')).toEqual({ status: 'parked', reason: 'the counter exploded\ufffd' });
    expect(await world.log('a')).toHaveLength(1);
    expect(await world.log('b')).toHaveLength(1);
    expect(spine.parked).toMatchObject([
      { stream: 'a', input: 'explode' },
      { stream: 'new', input: 'explode' },
    ]);
    await until('it is reported', () => world.messages('parked').length === 2);
    expect(world.messages('parked')[0]).toMatchObject({ type: 'stream-parked.v1', subject: 'a' });
  });

  test('unparking tries the same inputs again, in their order, and what came in the meantime after them', async () => {
    const spine = world.spine({ parkedTopic: 'parked' });
    await spine.start();
    await spine.receive([add('a', 1), tell('a', 'explode'), add('a', 2)]);
    await spine.receive([add('a', 3, 'x')]);
    await spine.receive([add('a', 3, 'x')]);
    await spine.unpark('a');
    expect((await status('a'))?.status).toBe('parked');
    const reports = () => [...new Map(world.messages('parked').map((one) => [one.id, one])).values()];
    await until('its try and its end are reported', () => reports().length === 3);
    expect(reports().map(({ type }) => type)).toEqual(['stream-parked.v1', 'stream-unparked.v1', 'stream-parked.v1']);
    build.isFixed = true;
    expect(await spine.unpark('a')).toBe(true);
    // Its poll may be at them already, and then unparking does not wait for it.
    await until('they are handled', async () => (await world.log('a')).length > 0);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([1, 0, 2, 3]);
    expect((await status('a'))?.status).toBe('active');
    expect(await world.rows(`select id from $S.inbox where state <> 'handled' or data is not null`)).toEqual([]);
  });

  test('unparking what is not parked changes nothing and says so; what is not there it does not report', async () => {
    const spine = world.spine({ parkedTopic: 'parked' });
    await spine.start();
    await spine.receive([add('a')]);
    expect(await spine.unpark('a')).toBe(true);
    expect(await spine.unpark('nobody')).toBe(false);
    await until('it is reported', () => world.messages('parked').length > 0);
    expect(world.messages('parked').map(({ data }) => data)).toEqual([
      { service: expect.any(String), kind: 'counter', stream: 'a', wasParked: false },
    ]);
    expect((await status('a'))?.status).toBe('active');
    expect(await world.log('a')).toHaveLength(1);
  });

  test('a batch that the database refuses is halved until the guilty input stands alone: it is parked and reported', async () => {
    const spine = world.spine({ parkedTopic: 'parked' });
    await spine.start();
    const good = Array.from({ length: 40 }, (_, i) => add(`s${i}`));
    await spine.receive([...good.slice(0, 23), tell('guilty', 'break'), ...good.slice(23)]);
    expect(spine.parked).toMatchObject([{ stream: 'guilty', input: 'break' }]);
    expect((await status('guilty'))?.status).toBe('parked');
    expect(await world.rows('select count(*)::integer as n from $S.event')).toEqual([{ n: 40 }]);
    await until('it is reported', () => world.messages('parked').length === 1);
    build.isFixed = true;
    await spine.unpark('guilty');
    expect(await world.log('guilty')).toHaveLength(1);
  });

  test('an input that the database refuses is parked behind what its stream was before', async () => {
    const spine = world.spine();
    await spine.receive([add('a', 7)]);
    await spine.receive([tell('a', 'break')]);
    expect(await world.rows('select version, state, parked_input as input from $S.stream')).toEqual([
      { version: 1, state: { inputs: 1, total: 7, isEnded: false }, input: 'break' },
    ]);
  });

  test('an answer that the database refuses is parked, and its effect is not executed again', async () => {
    let calls = 0;
    const spine = world.spine({
      leaseMs: 100,
      handlers: {
        async breaking() {
          calls += 1;
          return null;
        },
      },
    });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['breaking'] })]);
    await until('it is parked', () => spine.parked.length === 1);
    await until('nothing runs', () => spine.runningEffects() === 0);
    expect(await world.rows('select state, started, finished from $S.effect')).toEqual([
      { state: 'done', started: 1, finished: 1 },
    ]);
    build.isFixed = true;
    await spine.unpark('a');
    expect((await world.log('a')).map(({ type }) => type)).toEqual(['asked', 'answered']);
    expect(calls).toBe(1);
  });

  test('one stream that cannot be unparked does not hold up another', async () => {
    const spine = world.spine();
    await spine.receive([tell('a', 'break'), tell('b', 'explode'), tell('c', 'break')]);
    await world.rows(`update $S.stream set status = 'active'`);
    await world.rows(`update $S.inbox set state = 'pending'`);
    await world.rows(
      `insert into $S.stream (id, kind, version, state, status) values ('d', 'counter', 0, 'null', 'active')`,
    );
    await world.rows(`insert into $S.inbox (id, stream_id, kind, state, type, data)
      values ('id-d', 'd', 'counter', 'pending', 'add', '{"type":"add","by":4}')`);
    await spine.start();
    expect((await world.log('d')).map(({ data }) => data.by)).toEqual([4]);
    for (const stream of ['a', 'b', 'c']) expect((await status(stream))?.status).toBe('parked');
    expect(spine.troubles).toEqual([]);
  });

  test('a stream of a kind that this build does not know is parked until one comes that does', async () => {
    const spine = world.spine();
    await spine.receive([{ id: newId(), kind: 'unknown', stream: 'a', input: { type: 'x' } }]);
    expect((await status('a'))?.reason).toBe('this build has no decider of kind "unknown"');
  });

  test('a finished stream that was parked is finished again after unparking', async () => {
    const spine = world.spine();
    await spine.receive([add('a'), tell('a', 'end')]);
    await world.rows(`update $S.stream set status = 'parked'`);
    await spine.receive([add('a')]);
    await spine.unpark('a');
    expect((await status('a'))?.status).toBe('finished');
  });
}
