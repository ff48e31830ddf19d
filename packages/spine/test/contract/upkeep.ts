import { expect, test } from '@jest/globals';
import { probeTenant } from '@parley/contracts';
import { createHousekeeping, migrate } from '../../src/index.ts';
import { add, ask, tell, until, type World } from '../world.ts';

export function upkeep(world: World): void {
  const keeper = () =>
    createHousekeeping({
      db: world.db,
      schemas: [world.schema],
      dedupeHours: 24,
      everyMs: 60_000,
      onTrouble: (thrown) => {
        throw thrown;
      },
    });

  test('housekeeping forgets what is past its horizon and nothing else, and no event', async () => {
    const spine = world.spine();
    await spine.start();
    await spine.receive([add('old'), add('old'), add('young'), add('old', 1, 'parked')]);
    await spine.receive([ask('done', { type: 'ask', keys: ['one'] }), ask('open', { type: 'ask', keys: ['one'] })]);
    await spine.receive([ask('open', { type: 'ask', keys: ['one'] })]);
    await until('effects are done', async () => (await world.log('done')).length === 2);
    await until('effects are done', async () => (await world.log('open')).length === 3);
    await spine.receive([ask('done', { type: 'end' }), tell('young', 'end')]);
    await spine.stop(0);
    await world.rows(`update $S.inbox set at = at - interval '25 hours' where stream_id in ('old', 'done')`);
    await world.rows(`update $S.inbox set state = 'parked' where id = 'parked'`);
    await world.rows(`update $S.stream set finished_at = finished_at - interval '25 hours' where id = 'done'`);
    const events = await world.rows('select * from $S.event order by stream_id, seq');
    const cleaner = keeper();
    await cleaner.run();
    cleaner.stop();
    expect(await world.rows('select stream_id, state from $S.inbox order by stream_id, pos')).toEqual([
      { stream_id: 'old', state: 'parked' },
      { stream_id: 'open', state: 'handled' },
      { stream_id: 'young', state: 'handled' },
    ]);
    expect(await world.rows('select stream_id from $S.effect')).toEqual([{ stream_id: 'open' }]);
    expect(await world.rows('select * from $S.event order by stream_id, seq')).toEqual(events);
  });

  test('the input that began a stream is known for as long as the stream is', async () => {
    const spine = world.spine();
    const first = add('a', 4);
    await spine.receive([first, add('a', 5)]);
    await world.rows('delete from $S.inbox');
    await spine.receive([first]);
    expect(spine.reports.at(-1)).toMatchObject({ streams: 0, duplicates: 1 });
    expect(await world.rows('select opened_by, version from $S.stream')).toEqual([{ opened_by: first.id, version: 2 }]);
  });

  test('housekeeping forgets a probe that finished a day ago, and only such a stream', async () => {
    const spine = world.spine();
    await spine.start();
    const end = (stream: string, tenant?: string) => [
      { ...add(stream), tenant },
      { ...tell(stream, 'end'), tenant },
    ];
    await spine.receive([...end('old', probeTenant), ...end('young', probeTenant), ...end('mine')]);
    await spine.receive([{ ...add('open'), tenant: probeTenant }]);
    await spine.stop(0);
    await world.rows(`update $S.stream set finished_at = finished_at - interval '25 hours' where id <> 'young'`);
    const cleaner = keeper();
    await cleaner.run();
    cleaner.stop();
    expect(await world.rows('select id from $S.stream order by id')).toEqual(
      ['mine', 'open', 'young'].map((id) => ({ id })),
    );
    expect(await world.rows('select distinct stream_id as id from $S.event order by 1')).toEqual(
      ['mine', 'open', 'young'].map((id) => ({ id })),
    );
  });

  test('housekeeping catches up however much there is to forget', async () => {
    await world.rows(`insert into $S.inbox (id, stream_id, kind, state, type, at)
      select i::text, 's', 'counter', 'handled', 'add', now() - interval '25 hours' from generate_series(1, 12000) i`);
    const cleaner = keeper();
    await cleaner.run();
    cleaner.stop();
    expect(await world.rows('select count(*)::integer as n from $S.inbox')).toEqual([{ n: 0 }]);
  });

  test('five services migrate at once, three replicas of each', async () => {
    const schemas = Array.from({ length: 5 }, (_, i) => `${world.schema}_${i}`);
    await Promise.all([...schemas, ...schemas, ...schemas].map((schema) => migrate(world.db, { schema })));
    for (const schema of schemas) {
      expect(await world.rows(`select count(*)::integer as n from ${schema}.relay`)).toEqual([{ n: 1 }]);
    }
  });

  test('migrating again changes nothing', async () => {
    const spine = world.spine();
    await spine.receive([add('a')]);
    const applied = () => world.rows('select * from $S.spine_migration order by id');
    const before = await applied();
    await migrate(world.db, { schema: world.schema });
    expect(await applied()).toEqual(before);
    expect(await world.log('a')).toHaveLength(1);
  });

  test('streams that are read together come back each in the order of its log', async () => {
    const spine = world.spine();
    await spine.receive([add('a', 1), add('b', 2), add('a', 3)]);
    const [both, one] = await Promise.all([spine.readStreams(['b', 'a', 'none']), spine.readStreams(['a'])]);
    expect(both.map(({ stream, seq }) => `${stream}${seq}`)).toEqual(['b1', 'a1', 'a2']);
    expect(one.map(({ data }) => data)).toEqual([
      { by: 1, text: '' },
      { by: 3, text: '' },
    ]);
  });
}
