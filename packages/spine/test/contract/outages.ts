import { expect, test } from '@jest/globals';
import { databaseError } from '../../src/database/pg-errors.ts';
import { add, ask, deliver, newId, until, type World } from '../world.ts';
import { breakable } from '../wrappers.ts';

/** What the pool makes of a server that is not there. */
const refused = () => databaseError(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));

export function outages(world: World): void {
  const onPostgres = world.kind === 'Postgres' ? test : test.skip;

  test('while the database is away receive says "later" and answers of effects are kept until it is back', async () => {
    const line = breakable(world.db, refused);
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const spine = world.spine({
      db: line.db,
      handlers: {
        async work() {
          calls += 1;
          await gate.promise;
          return 'kept';
        },
      },
    });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('it runs', () => calls === 1);
    line.mode = 'away';
    await expect(spine.receive([add('b')])).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
    });
    gate.resolve();
    await until('it could not be answered', () => spine.troubles.includes('completing an effect'));
    line.mode = 'up';
    await until('it is answered', async () => (await world.log('a')).length === 2);
    expect((await world.log('a'))[1]?.data).toMatchObject({ result: 'kept' });
    expect(calls).toBe(1);
  });

  test('an arrival whose commit is in doubt is no duplicate when it comes again', async () => {
    const line = breakable(world.db, refused);
    const spine = world.spine({ db: line.db });
    const arrival = add('a', 4, newId());
    line.mode = 'ambiguous';
    await expect(spine.receive([arrival])).rejects.toMatchObject({ retryable: true });
    line.mode = 'up';
    await spine.receive([arrival]);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([4]);
    expect(spine.reports).toMatchObject([{ duplicates: 1, events: 0 }]);
  });

  test('an answer whose commit is in doubt counts once', async () => {
    const line = breakable(world.db, refused);
    const spine = world.spine({
      db: line.db,
      handlers: {
        async work() {
          line.mode = 'ambiguous';
          return null;
        },
      },
    });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('it is in doubt', () => spine.troubles.includes('completing an effect'));
    line.mode = 'up';
    await until('nothing runs', () => spine.runningEffects() === 0);
    expect(await world.log('a')).toHaveLength(2);
    expect(await world.rows('select finished from $S.effect')).toEqual([{ finished: 1 }]);
  });

  test('stop during an outage leaves no timer behind and does not throw', async () => {
    const line = breakable(world.db, refused);
    const spine = world.spine({ db: line.db, handlers: { work: () => new Promise(() => {}) } });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('it runs', () => spine.runningEffects() === 1);
    line.mode = 'away';
    await spine.stop(0);
    expect(spine.troubles).toContain('giving effects back');
  });

  onPostgres('a server that ends every connection loses and repeats nothing', async () => {
    const calls: string[] = [];
    const spine = world.spine({
      handlers: {
        async work({ key }) {
          calls.push(key);
          return null;
        },
      },
    });
    await spine.start();
    const keys = Array.from({ length: 60 }, (_, i) => `k${i}`);
    const killed = (async () => {
      for (let i = 0; i < 6; i++) {
        await world.terminate?.();
        await world.rows('select 1').catch(() => {});
      }
    })();
    for (const key of keys) await deliver(spine, [add('a'), ask(key, { type: 'ask', keys: [key] })]);
    await killed;
    for (const key of keys) {
      await until(`${key} is answered`, async () => (await world.log(key)).length === 2);
    }
    expect(await world.log('a')).toHaveLength(60);
    expect(new Set(calls).size).toBe(60);
    expect(await world.rows('select key from $S.effect where finished <> 1')).toEqual([]);
    expect(spine.parked).toEqual([]);
  });
}
