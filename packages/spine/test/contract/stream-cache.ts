import { expect, test } from '@jest/globals';
import { held, reader } from '../asking.ts';
import { build } from '../deciders.ts';
import { add, ask, newId, tell, until, type World } from '../world.ts';
import { rewriting } from '../wrappers.ts';

/** What a process remembers of streams spares it reading, and never stands against what others have written. */
export function memory(world: World): void {
  const { answers, answered } = reader(world);
  const fromMemory = (spine: { reports: { isFromCache: boolean; inputs: number }[] }) =>
    spine.reports.filter(({ inputs }) => inputs > 0).map(({ isFromCache }) => isFromCache);
  const totals = () => world.rows('select version, state from $S.stream');

  test('a stream goes on with one statement in the process that wrote it last', async () => {
    const texts: string[] = [];
    const db = rewriting(world.db, (text) => {
      texts.push(text);
      return undefined;
    });
    const spine = world.spine({ db });
    for (const by of [1, 2, 3]) await spine.receive([add('a', by)]);
    expect(fromMemory(spine)).toEqual([false, true, true]);
    expect(texts).toHaveLength(3 + 1 + 1);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([1, 2, 3]);
    expect(await totals()).toEqual([{ version: 3, state: { inputs: 3, total: 6, isEnded: false } }]);
  });

  test('what another process has written meanwhile is found, and nothing of it is lost', async () => {
    const [a, b] = [world.spine(), world.spine()];
    for (const [i, spine] of [a, a, b, b, a, b, a, a].entries()) await spine.receive([add('a', i)]);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await totals()).toEqual([{ version: 8, state: { inputs: 8, total: 28, isEnded: false } }]);
    expect(fromMemory(a)).toEqual([false, true, false, false, true]);
    expect(fromMemory(b)).toEqual([false, true, false]);
  });

  test('negative control: where a remembered stream is not checked, what another process has written is lost', async () => {
    const unchecked = rewriting(world.db, (text, values, sql) => {
      if (!text.startsWith('with continued as')) return undefined;
      const open = text.replace(/ and t\.xmin = x\.stamp::xid/, '');
      if (open === text) throw new Error('the check is not where this control takes it away');
      return sql.query(open.replace(/where \S+as_known\(.*\)/, ''), values);
    });
    // Without the number of its event nothing but the check stands in between.
    await world.rows('alter table $S.event drop constraint event_pkey');
    const [a, b] = [world.spine({ db: unchecked }), world.spine()];
    for (const spine of [a, a, b, a]) await spine.receive([add('a', 1)]);
    expect(await totals()).toEqual([{ version: 3, state: { inputs: 3, total: 3, isEnded: false } }]);
  });

  test('an input that was handled elsewhere, in a stream that is remembered here, is a duplicate', async () => {
    const [a, b] = [world.spine(), world.spine()];
    await a.receive([add('a', 1)]);
    await a.receive([add('a', 2)]);
    await b.receive([add('a', 4, 'x')]);
    await a.receive([add('a', 4, 'x')]);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([1, 2, 4]);
    expect(a.reports.at(-1)).toMatchObject({ duplicates: 1, isFromCache: false });
  });

  test('a stream that is taken for a new one and is not goes on where it was', async () => {
    const [a, b] = [world.spine(), world.spine()];
    await a.receive([add('known', 1, 'first')]);
    await b.receive([add('other', 1)]);
    await b.receive([add('known', 2), add('new', 3)]);
    await b.receive([add('known', 1, 'first')]);
    expect((await world.log('known')).map(({ data }) => data.by)).toEqual([1, 2]);
    expect(await world.log('new')).toHaveLength(1);
    expect(b.reports.at(-1)?.duplicates).toBe(1);
  });

  test('what was parked and unparked elsewhere comes before what arrives at a process that remembers neither', async () => {
    const [a, b] = [world.spine(), world.spine()];
    for (const by of [1, 2]) await a.receive([add('a', by)]);
    await b.receive([tell('a', 'explode')]);
    await b.receive([add('a', 3)]);
    build.isFixed = true;
    // As an unparking leaves it, before anybody handles what is pending.
    await world.rows(`update $S.stream set status = 'active', parked_reason = null, parked_at = null`);
    await world.rows(`update $S.inbox set state = 'pending' where state = 'parked'`);
    await a.receive([add('a', 4)]);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([1, 2, 0, 3, 4]);
  });

  test('an answer goes on from memory, and is fenced where another process has given it', async () => {
    const [slow, quick] = [held(), held()];
    quick.release();
    const a = world.spine({ leaseMs: 60_000, maxRunningEffects: 2, handlers: { work: slow.handler } });
    await a.start();
    await a.receive([add('clock')]);
    await a.receive([ask('a', { type: 'ask', keys: ['one'] }), ask('b', { type: 'ask', keys: ['one'] })]);
    await until('both run', () => slow.calls.length === 2);
    await world.rows(`update $S.effect set visible_at = clock_timestamp() where stream_id = 'a'`);
    const b = world.spine({ handlers: { work: quick.handler } });
    await b.start();
    await answered('a');
    slow.release();
    await answered('b');
    await until('the late one came', () => a.reports.some(({ fenced }) => fenced === 1));
    expect(await answers('a')).toHaveLength(1);
    expect(await world.rows('select finished from $S.effect')).toEqual([{ finished: 1 }, { finished: 1 }]);
  });

  test('an effect that was asked for without an event is seen by whoever remembers the stream', async () => {
    const spine = world.spine({ handlers: { work: async ({ key }) => key } });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await answered('a');
    const [before] = await world.rows<{ stamp: string }>('select xmin::text as stamp from $S.stream');
    await spine.receive([
      {
        ...ask('a', { type: 'end' }),
        input: { type: 'effect.failed', effect: 'work', key: 'two', code: 'MODEL_OVERLOADED', reason: '' } as never,
      },
    ]);
    await answered('a', 2);
    const [after] = await world.rows<{ stamp: string; version: number }>(
      'select xmin::text as stamp, version from $S.stream',
    );
    expect(after?.stamp).not.toBe(before?.stamp);
  });

  test('a stream that ends leaves none of its effects open', async () => {
    const work = held();
    const spine = world.spine({ handlers: { work: work.handler } });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one', 'two'] })]);
    await spine.receive([ask('a', { type: 'ring', afterMs: 60_000 })]);
    await spine.receive([ask('a', { type: 'end' })]);
    expect(fromMemory(spine)).toEqual([true, true, true]);
    expect(await world.rows('select distinct state from $S.effect')).toEqual([{ state: 'dropped' }]);
    work.release();
  });

  test('ids of new inputs that come twice in one batch, and again, are one arrival each', async () => {
    const spine = world.spine();
    await spine.receive([add('clock')]);
    const id = newId();
    await spine.receive([add('a', 1, id), add('a', 1, id), add('a', 2)]);
    await spine.receive([add('a', 1, id), add('a', 3)]);
    expect((await world.log('a')).map(({ data }) => data.by)).toEqual([1, 2, 3]);
    expect(spine.reports.map(({ duplicates }) => duplicates)).toEqual([0, 1, 1]);
    expect(fromMemory(spine)).toEqual([false, true, false]);
  });
}
