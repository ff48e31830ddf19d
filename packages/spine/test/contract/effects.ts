import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import type { EffectCall } from '../../src/index.ts';
import { held, reader } from '../asking.ts';
import { ask, until, type World } from '../world.ts';

export function effects(world: World): void {
  const { answers, answered } = reader(world);

  test('the result of an effect comes back once, with its key and type', async () => {
    const spine = world.spine({ handlers: { work: async ({ key }) => ({ key }) } });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one', 'two'] })]);
    await answered('a', 2);
    const found = await answers('a');
    expect(found.map(({ type, effect, key, result }) => ({ type, effect, key, result }))).toEqual(
      expect.arrayContaining(
        ['one', 'two'].map((key) => ({ type: 'effect.succeeded', effect: 'work', key, result: { key } })),
      ),
    );
    expect(await world.rows('select key, state, started, finished from $S.effect order by key')).toEqual([
      { key: 'one', state: 'done', started: 1, finished: 1 },
      { key: 'two', state: 'done', started: 1, finished: 1 },
    ]);
  });

  test.each([
    ['its code', 'MODEL_REFUSED', () => new ParleyError('MODEL_REFUSED', 'No.')],
    ['INTERNAL', 'INTERNAL', () => new Error('No.')],
  ])('the failure of a handler comes back as effect.failed with %s', async (_, code, fault) => {
    const spine = world.spine({
      handlers: {
        work: async () => {
          throw fault();
        },
      },
    });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.failed', code, reason: 'No.' }]);
  });

  test('an effect that nobody handles fails instead of waiting for ever', async () => {
    const spine = world.spine({ handlers: {} });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await answered('a');
    expect(await answers('a')).toMatchObject([{ code: 'INTERNAL' }]);
  });

  test('a key that is asked for twice, in one batch or later, is one effect', async () => {
    const work = held();
    const spine = world.spine({ maxRunningEffects: 2, handlers: { work: work.handler } });
    await spine.start();
    const twice = () => ask('a', { type: 'ask', keys: ['one', 'one'] });
    await spine.receive([twice(), twice()]);
    await until('it runs', () => work.calls.length > 0);
    await spine.receive([twice()]);
    work.release();
    await answered('a');
    await spine.receive([twice(), ask('a', { type: 'ask', keys: ['two'] })]);
    await answered('a', 2);
    expect(work.calls.map(({ key }) => key)).toEqual(['one', 'two']);
    expect(spine.reports.map(({ fenced }) => fenced).filter((fenced) => fenced > 0)).toEqual([]);
  });

  test('an answer that leads to effects and to no event still leads to the effects', async () => {
    const work = async ({ key }: EffectCall) => {
      if (key === 'one') throw new ParleyError('MODEL_OVERLOADED', 'Later.');
      return key;
    };
    const spine = world.spine({ handlers: { work } });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.succeeded', key: 'one+' }]);
  });

  test('no more effects run at once than allowed, and all are done', async () => {
    let most = 0;
    let now = 0;
    const spine = world.spine({
      maxRunningEffects: 3,
      handlers: {
        async work() {
          now += 1;
          most = Math.max(most, now);
          await new Promise((resolve) => setImmediate(resolve));
          now -= 1;
          return null;
        },
      },
    });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: Array.from({ length: 20 }, (_, i) => `k${i}`) })]);
    await answered('a', 20);
    expect(most).toBeLessThanOrEqual(3);
  });

  test('a claim on its way and a tick do not begin more than allowed between them', async () => {
    let [most, now, claims] = [0, 0, 0];
    const db: World['db'] = {
      ...world.db,
      async query<Row>(text: string, values?: readonly unknown[]) {
        const rows = await world.db.query<Row>(text, values);
        if (text.includes('with suspect as materialized')) {
          claims += 1;
          // Rows that it has taken are on their way back.
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return rows;
      },
    };
    const spine = world.spine({
      db,
      pollMs: 20,
      maxRunningEffects: 2,
      handlers: {
        async work() {
          now += 1;
          most = Math.max(most, now);
          await new Promise((resolve) => setTimeout(resolve, 30));
          now -= 1;
          return null;
        },
      },
    });
    await spine.start();
    const streams = Array.from({ length: 12 }, (_, i) => `s${i}`);
    for (const stream of streams) {
      await spine.receive([ask(stream, { type: 'ask', keys: ['one', 'two', 'three'] })]);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    for (const stream of streams) await answered(stream, 3);
    expect(claims).toBeGreaterThan(3);
    expect(most).toBe(2);
  });

  test('nothing runs before start', async () => {
    const work = held();
    const spine = world.spine({ handlers: { work: work.handler } });
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    const witness = world.spine({ handlers: { work: async () => null } });
    await witness.start();
    await answered('a');
    expect(work.calls).toEqual([]);
  });

  test('when a stream finishes its open effects and timers are dropped and running handlers aborted', async () => {
    const work = held();
    const spine = world.spine({ maxRunningEffects: 1, handlers: { work: work.handler } });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one', 'two'] }), ask('a', { type: 'ring', afterMs: 50 })]);
    await until('it runs', () => work.calls.length === 1);
    await spine.receive([ask('a', { type: 'end' }), ask('a', { type: 'ask', keys: ['three'] })]);
    expect(work.calls[0]?.signal.aborted).toBe(true);
    work.release();
    await until('nothing runs', () => spine.runningEffects() === 0);
    expect(await world.rows('select distinct state from $S.effect')).toEqual([{ state: 'dropped' }]);
    expect(await answers('a')).toEqual([]);
  });

  test('a timer fires when it is due by the clock of the database, not before', async () => {
    const spine = world.spine();
    await spine.start();
    await spine.receive([ask('a', { type: 'ring', afterMs: 120 })]);
    await answered('a');
    const [set, rang] = await world.log('a');
    const late = Number(rang?.data.at) - Number(set?.data.dueAt);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5_000);
  });

  test('a timer survives the death of its process', async () => {
    const a = world.spine();
    await a.start();
    await a.receive([ask('a', { type: 'ring', afterMs: 100 })]);
    await a.crash();
    const b = world.spine();
    await b.start();
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.succeeded', effect: 'timer', key: 'ring' }]);
  });

  test('timers of a name ring early when what they wait for has come; others and other streams’ do not', async () => {
    const spine = world.spine();
    await spine.start();
    const afterMs = 100 * 86_400_000;
    await spine.receive([
      ask('a', { type: 'ring', afterMs, name: 'wait' }),
      ask('b', { type: 'ring', afterMs, name: 'wait' }),
      ask('b', { type: 'ring', afterMs, name: 'deadline' }),
      ask('c', { type: 'ring', afterMs }),
    ]);
    await spine.wake('wait');
    await Promise.all([answered('a'), answered('b')]);
    expect(await answers('a')).toMatchObject([{ effect: 'timer', key: 'ringwait' }]);
    expect(await world.rows("select stream_id, key from $S.effect where state = 'pending' order by 1")).toEqual([
      { stream_id: 'b', key: 'ringdeadline' },
      { stream_id: 'c', key: 'ring' },
    ]);
  });

  test('a timer that is due in a hundred days is not due now', async () => {
    const spine = world.spine();
    await spine.start();
    await spine.receive([
      ask('a', { type: 'ring', afterMs: 100 * 86_400_000 }),
      ask('a', { type: 'ask', keys: ['one'] }),
    ]);
    await answered('a');
    expect(await answers('a')).toMatchObject([{ key: 'one' }]);
    expect(spine.troubles).toEqual([]);
  });
}
