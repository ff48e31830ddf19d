import { describe, expect, test } from '@jest/globals';
import { held, reader } from './asking.ts';
import { type DatabaseKind, pglite, postgres, serverUrl } from './databases.ts';
import { ask, until, useWorld, type World } from './world.ts';
import { rewriting, withoutRenewal } from './wrappers.ts';

const databases: readonly DatabaseKind[] = [pglite, ...(serverUrl === undefined ? [] : [postgres(serverUrl)])];

/**
 * The other worker has taken the lease and still works. It has written nothing to the stream, so that the stamp of the
 * stream's row, which covers all else that a tick from memory guesses, does not say so: the fence alone does.
 */
describe.each(databases)('the fence of a tick from memory, on $name', (kind) => {
  const world = useWorld(kind);
  const { answers, answered } = reader(world);

  /** Whether the statement that a tick from memory is has been sent with an answer in it. */
  function watched(db: World['db']) {
    const seen = { answers: 0 };
    const watching: World['db'] = {
      ...db,
      query: (text: string, values?: readonly unknown[]) => {
        if (text.includes(`set state = 'done', finished = e.finished + 1`)) seen.answers += 1;
        return db.query(text, values);
      },
    };
    return Object.assign(seen, { db: watching });
  }

  /** A runs an effect; `happens` to its row; A answers. */
  async function answerAfter(happens: string) {
    const work = held();
    const seen = watched(world.db);
    const spine = world.spine({
      db: seen.db,
      leaseMs: 60_000,
      pollMs: 60_000,
      maxRunningEffects: 1,
      handlers: { work: work.handler },
    });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('A runs it', () => work.calls.length === 1);
    await world.rows(`update $S.effect set ${happens}`);
    work.release();
    await until('A has answered', () => seen.answers > 0);
    return { seen, spine };
  }

  test.each([
    ['another attempt of the same process runs', 'started = started + 1'],
    ['another process runs it as the same attempt', `lease_owner = 'somebody else'`],
    ['it was given back and nobody has begun it again', `state = 'pending', visible_at = 'infinity'`],
    ['its stream no longer wants it', `state = 'dropped'`],
  ])('an answer is refused while %s', async (_, happens) => {
    const { seen, spine } = await answerAfter(happens);
    expect(seen.answers).toBe(1);
    await until('it was fenced', () => spine.reports.reduce((sum, { fenced }) => sum + fenced, 0) === 1, 5_000);
    expect(await answers('a')).toEqual([]);
    expect(await world.rows('select finished from $S.effect')).toEqual([{ finished: 0 }]);
  });

  test('an answer under a lease that nobody took is written by that same statement', async () => {
    const { seen, spine } = await answerAfter('visible_at = visible_at');
    await answered('a');
    expect(seen.answers).toBe(1);
    expect(spine.reports.filter(({ isFromCache, fenced }) => isFromCache && fenced === 0).length).toBeGreaterThan(0);
  });

  test('the first worker answers late while the second, which took the lease, still works: the second is heard', async () => {
    const [slow, second] = [held(), held()];
    const seen = watched(rewriting(world.db, withoutRenewal));
    const a = world.spine({ db: seen.db, leaseMs: 150, maxRunningEffects: 1, handlers: { work: slow.handler } });
    const b = world.spine({ leaseMs: 60_000, handlers: { work: second.handler } });
    await a.start();
    await a.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('A runs it', () => slow.calls.length === 1);
    await b.start();
    await until('B runs it', () => second.calls.length === 1);
    slow.release();
    await until('A was fenced', () => a.reports.some(({ fenced }) => fenced > 0), 5_000);
    expect(seen.answers).toBe(1);
    expect(await answers('a')).toEqual([]);
    second.release();
    await answered('a');
    expect((await answers('a')).map(({ result }) => result)).toEqual([second.calls[0]?.attempt]);
    expect(await world.rows('select finished from $S.effect')).toEqual([{ finished: 1 }]);
  });
});
