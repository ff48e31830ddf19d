import { expect, test } from '@jest/globals';
import { answeredTwice, held, reader } from '../asking.ts';
import { ask, until, type World } from '../world.ts';
import { rewriting, withoutFence, withoutRenewal } from '../wrappers.ts';

export function leases(world: World): void {
  const { answers, answered } = reader(world);

  /** A begins and loses its lease, B begins again and answers, A answers late. */
  async function answerLate(db: World['db']) {
    const [slow, quick] = [held(), held()];
    quick.release();
    const a = world.spine({
      db: rewriting(db, withoutRenewal),
      leaseMs: 150,
      maxRunningEffects: 1,
      handlers: { work: slow.handler },
    });
    const b = world.spine({ db, leaseMs: 150, handlers: { work: quick.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('A runs it', () => slow.calls.length === 1);
    await b.start();
    await answered('a');
    const before = a.reports.length;
    slow.release();
    // A tick that found nothing to do reports too.
    await until('A has answered', () => a.reports.slice(before).some(({ fenced, inputs }) => fenced + inputs > 0));
    return a.reports.reduce((sum, { fenced }) => sum + fenced, 0);
  }

  test('the late answer of a worker that lost its lease is counted and changes nothing', async () => {
    expect(await answerLate(world.db)).toBe(1);
    expect((await answers('a')).map(({ result }) => result)).toEqual([2]);
    expect(await world.rows(answeredTwice)).toEqual([]);
  });

  test('negative control: without the fence the same effect is answered twice, and the invariant finds it', async () => {
    expect(await answerLate(rewriting(world.db, withoutFence))).toBe(0);
    expect(await answers('a')).toHaveLength(2);
    expect(await world.rows(answeredTwice)).toEqual([{ key: 'one' }]);
  });

  test('a lease is renewed while its effect runs, and a worker that finds it lost aborts', async () => {
    const [first, second] = [held(), held()];
    const a = world.spine({ leaseMs: 300, handlers: { work: first.handler } });
    const b = world.spine({ leaseMs: 300, handlers: { work: second.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await b.start();
    const visible = () => world.rows<{ at: Date }>('select visible_at as at from $S.effect').then(([row]) => row?.at);
    const begun = await visible();
    await until('it was renewed twice', async () => Number(await visible()) - Number(begun) > 200);
    expect(second.calls).toEqual([]);
    await world.rows(`update $S.effect set lease_owner = 'somebody else'`);
    await until('A was told', () => first.calls[0]?.signal.aborted === true);
    expect(a.lost).toEqual(['one']);
  });

  test('an effect that may not be repeated and whose process died is reported as unknown and not executed again', async () => {
    const [first, second] = [held(), held()];
    const a = world.spine({ leaseMs: 100, handlers: { work: first.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'], isIdempotent: false })]);
    await until('it runs', () => first.calls.length === 1);
    await a.crash();
    const b = world.spine({ leaseMs: 100, handlers: { work: second.handler } });
    await b.start();
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.outcome-unknown', key: 'one' }]);
    expect(second.calls).toEqual([]);
  });

  test('a spine that stops lets another begin what was running at once, as the same attempt', async () => {
    const [first, second] = [held(), held()];
    const a = world.spine({ leaseMs: 60_000, handlers: { work: first.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('it runs', () => first.calls.length === 1);
    await a.stop(0);
    expect(first.calls[0]?.signal.aborted).toBe(true);
    const b = world.spine({ leaseMs: 60_000, handlers: { work: second.handler } });
    await b.start();
    await until('B runs it', () => second.calls.length === 1);
    expect(second.calls[0]?.attempt).toBe(1);
    second.release();
    await answered('a');
  });

  test('a spine that stops does not let another repeat what may not be repeated', async () => {
    const [first, second] = [held(), held()];
    const a = world.spine({ leaseMs: 60_000, handlers: { work: first.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'], isIdempotent: false })]);
    await until('it runs', () => first.calls.length === 1);
    await a.stop(0);
    const b = world.spine({ leaseMs: 60_000, handlers: { work: second.handler } });
    await b.start();
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.outcome-unknown' }]);
    expect(second.calls).toEqual([]);
  });

  test('a stop between the claim of an effect with unknown outcome and its answer does not have it repeated', async () => {
    const [first, second] = [held(), held()];
    const a = world.spine({ leaseMs: 50, handlers: { work: first.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'], isIdempotent: false })]);
    await until('it runs', () => first.calls.length === 1);
    await a.crash();
    let stopped: Promise<void> | undefined;
    const b = world.spine({
      leaseMs: 60_000,
      db: rewriting(world.db, (text, values, sql) => {
        if (!text.startsWith('with suspect as')) return undefined;
        return sql.query(text, values).then((rows) => {
          if (rows.length > 1) stopped = b.stop(0);
          return rows;
        });
      }),
    });
    await b.start();
    await until('B stops right after its claim', () => stopped !== undefined);
    await stopped;
    const c = world.spine({ leaseMs: 60_000, handlers: { work: second.handler } });
    await c.start();
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.outcome-unknown' }]);
    expect(second.calls).toEqual([]);
  });

  test('a stop in the middle of a tick or a claim leaves no lease behind', async () => {
    const spine = world.spine({ leaseMs: 60_000, maxRunningEffects: 2 });
    await spine.start();
    const keys = Array.from({ length: 30 }, (_, i) => `k${i}`);
    const received = spine.receive(keys.map((key) => ask(key, { type: 'ask', keys: [key], isIdempotent: false })));
    await spine.stop(0);
    await received;
    await spine.stop(0);
    const next = world.spine({ leaseMs: 60_000 });
    await next.start();
    for (const key of keys) await answered(key);
    expect(await world.rows(answeredTwice)).toEqual([]);
  });

  test('stop lets running effects end in time, and their answers are written', async () => {
    const work = held();
    const spine = world.spine({ handlers: { work: work.handler } });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('it runs', () => work.calls.length === 1);
    const stopped = spine.stop(20_000);
    work.release();
    await stopped;
    expect(await answers('a')).toHaveLength(1);
  });
}
