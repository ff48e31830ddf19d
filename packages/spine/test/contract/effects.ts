import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import type { EffectCall } from '../../src/index.ts';
import { ask, until, type World } from '../world.ts';
import { rewriting, withoutFence, withoutRenewal } from '../wrappers.ts';

/** What must never be found: an effect that was answered more than once. */
const answeredTwice = 'select key from $S.effect where finished > 1';

/** A handler whose calls are counted and which answers when it is told to. */
function held() {
  const calls: EffectCall[] = [];
  const gate = Promise.withResolvers<void>();
  return {
    calls,
    release: gate.resolve,
    handler: async (call: EffectCall) => {
      calls.push(call);
      await gate.promise;
      return call.attempt;
    },
  };
}

export function effects(world: World): void {
  const answers = async (stream: string) =>
    (await world.log(stream)).filter(({ type }) => type === 'answered').map(({ data }) => data);
  const answered = (stream: string, count = 1) =>
    until(`${stream} has ${count} answers`, async () => (await answers(stream)).length >= count);

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
    const spine = world.spine({ handlers: { work: work.handler } });
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

  test('nothing runs before start', async () => {
    const work = held();
    const spine = world.spine({ handlers: { work: work.handler } });
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    const witness = world.spine({ handlers: { work: async () => null } });
    await witness.start();
    await answered('a');
    expect(work.calls).toEqual([]);
  });

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
    await until('A has answered', () => a.reports.length > before);
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

  test('an effect that ends its process again and again is answered EFFECT_POISON', async () => {
    let attempts = 0;
    const crashing = async (): Promise<void> => {
      const spine = world.spine({
        leaseMs: 100,
        handlers: {
          work: () => {
            attempts += 1;
            spine.crash();
            return new Promise(() => {});
          },
        },
      });
      const known = attempts;
      await spine.start();
      if (known === 0) await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]).catch(() => {});
      await until('it has crashed', () => attempts > known);
    };
    for (let crash = 0; crash < 3; crash++) await crashing();
    const spine = world.spine({ leaseMs: 100 });
    await spine.start();
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.failed', code: 'EFFECT_POISON' }]);
    expect(attempts).toBe(3);
  });

  test('an effect that may not be repeated and whose process died is reported as unknown and not executed again', async () => {
    const [first, second] = [held(), held()];
    const a = world.spine({ leaseMs: 100, handlers: { work: first.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'], isIdempotent: false })]);
    await until('it runs', () => first.calls.length === 1);
    a.crash();
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
    await until('B runs it', () => second.calls.length === 1, 5_000);
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
    a.crash();
    const b = world.spine();
    await b.start();
    await answered('a');
    expect(await answers('a')).toMatchObject([{ type: 'effect.succeeded', effect: 'timer', key: 'ring' }]);
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
