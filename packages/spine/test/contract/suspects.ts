import { expect, test } from '@jest/globals';
import type { EffectCall, SpineOptions } from '../../src/index.ts';
import { createProcessGate } from '../../src/index.ts';
import { answeredTwice, reader } from '../asking.ts';
import { ask, type TestSpine, until, type World } from '../world.ts';

/** Short: what a dead process held is taken over after it. */
const leaseMs = 150;

/** Until the process stops. */
function hang({ signal }: EffectCall): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('It ends.'))));
}

/** Whom the end of a process is laid at the door of. */
export function suspects(world: World): void {
  const { answers, answered } = reader(world);
  const keysOf = (count: number, prefix = 'k') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const charges = () =>
    world.rows<{ key: string; crashes: number; alone: number }>(
      'select key, crashes, crashes_alone as alone from $S.effect order by key',
    );

  /** A process whose handlers hang until it is killed; it knows what it began. */
  function mortal(wishes: Partial<SpineOptions> = {}) {
    const calls: EffectCall[] = [];
    const spine = world.spine({
      leaseMs,
      handlers: {
        work(call) {
          calls.push(call);
          return hang(call);
        },
      },
      ...wishes,
    });
    return { spine, calls, keys: () => calls.map(({ key }) => key) };
  }

  /** Nobody waits for the leases of the dead. */
  const expire = () => world.rows(`update $S.effect set visible_at = clock_timestamp() where state = 'running'`);
  /** Nor for what lets others go first. */
  const hurry = () =>
    world.rows(
      `update $S.effect set visible_at = clock_timestamp()
        where state = 'pending' and crashes > 0 and visible_at > clock_timestamp()`,
    );

  /** Kills so many processes in the middle of what they hold, each after it has begun something. */
  async function kill(times: number, first: () => Promise<void> | void = () => {}): Promise<string[][]> {
    const begun: string[][] = [];
    for (let n = 0; n < times; n++) {
      const { spine, calls, keys } = mortal({ leaseMs: 60_000 });
      await spine.start();
      if (n === 0) {
        await first();
        await asked(spine);
      }
      await until('it has begun something', () => calls.length > 0);
      if (n < 2) await until('it has begun all', () => calls.length === wanted.length);
      await spine.crash();
      begun.push(keys());
      await expire();
    }
    return begun;
  }
  let wanted: readonly string[] = [];
  /** In a process that nobody kills all of them end well. */
  async function succeed(): Promise<void> {
    const spine = world.spine({ leaseMs: 60_000 });
    await spine.start();
    for (const key of wanted) {
      await until(`${key} is answered`, async () => {
        await hurry();
        return (await answers(key)).length > 0;
      });
      expect(await answers(key)).toMatchObject([{ type: 'effect.succeeded' }]);
    }
  }
  const asked = (spine: TestSpine) => spine.receive(wanted.map((key) => ask(key, { type: 'ask', keys: [key] })));

  test('three hard ends of the process with ten effects in flight fail none of them', async () => {
    wanted = keysOf(10);
    const begun = await kill(3);
    expect(begun.map((keys) => keys.length)).toEqual([10, 10, 1]);
    await succeed();
    expect((await charges()).map(({ crashes, alone }) => [crashes, alone])).toEqual([
      ...[[3, 1]],
      ...Array.from({ length: 9 }, () => [1, 0]),
    ]);
    expect(await world.rows(answeredTwice)).toEqual([]);
  });

  test('kills from outside fail nothing, however many: each tells that the others are not the cause', async () => {
    wanted = keysOf(4);
    const begun = await kill(16);
    expect(begun.filter((keys) => keys.length === 1).length).toBeGreaterThan(4);
    expect((await charges()).filter(({ alone }) => alone > 1)).toEqual([]);
    await succeed();
  });

  test('of suspects the one with the fewest crashes of its own runs first', async () => {
    const spine = world.spine({ leaseMs: 60_000 });
    await spine.receive(['two', 'none', 'one'].map((key) => ask(key, { type: 'ask', keys: [key] })));
    await world.rows(
      `update $S.effect set crashes = 4, crashes_alone = case key when 'two' then 2 when 'one' then 1 else 0 end,
        visible_at = visible_at - case key when 'two' then 3 when 'one' then 2 else 1 end * interval '1 minute'`,
    );
    const ran: string[] = [];
    const next = world.spine({
      leaseMs: 60_000,
      handlers: {
        async work({ key }) {
          ran.push(key);
          return null;
        },
      },
    });
    await next.start();
    await answered('two');
    expect(ran).toEqual(['none', 'one', 'two']);
  });

  test('after a crash of its own a suspect lets others go first, and is cleared by a crash in which it has no part', async () => {
    wanted = ['s'];
    await kill(3);
    const { spine, keys } = mortal({ leaseMs: 60_000 });
    await spine.start();
    const stepped = () =>
      world.rows(`select from $S.effect where key = 's' and state = 'pending' and crashes_alone = 1`);
    await until('it has stepped back', async () => (await stepped()).length === 1);
    await spine.receive([ask('o', { type: 'ask', keys: ['o1', 'o2'] })]);
    await until('the others run', () => keys().length === 2);
    await spine.crash();
    await expire();
    const next = mortal({ leaseMs: 60_000 });
    await next.spine.start();
    await until('all run together', () => next.calls.length === 3);
    expect(await charges()).toEqual([
      { key: 'o1', crashes: 1, alone: 0 },
      { key: 'o2', crashes: 1, alone: 0 },
      { key: 's', crashes: 1, alone: 0 },
    ]);
  });

  test('six crashes of its own set an effect aside, however often it was cleared', async () => {
    const spine = world.spine({ leaseMs: 60_000 });
    await spine.receive(['five', 'six'].map((key) => ask(key, { type: 'ask', keys: [key] })));
    await world.rows(
      `update $S.effect set state = 'running', lease_owner = 'the dead ' || key, started = 1, is_alone = true, crashes = 2,
        crashes_alone_ever = case key when 'six' then 5 else 4 end`,
    );
    await spine.start();
    for (const key of ['five', 'six']) {
      await until(`${key} is answered`, async () => {
        await hurry();
        return (await answers(key)).length > 0;
      });
    }
    expect(await answers('five')).toMatchObject([{ type: 'effect.succeeded' }]);
    expect(await answers('six')).toMatchObject([{ code: 'EFFECT_POISON' }]);
  });

  test('what waited for a suspect begins as soon as it has ended, and not at the next poll', async () => {
    const spine = world.spine({ leaseMs: 60_000 });
    await spine.receive(['s', 'o1', 'o2'].map((key) => ask(key, { type: 'ask', keys: [key] })));
    await world.rows(`update $S.effect set crashes = 2 where key = 's'`);
    const next = world.spine({ leaseMs: 60_000, pollMs: 600_000 });
    await next.start();
    for (const key of ['s', 'o1', 'o2']) await answered(key);
  });

  test('two effects that end their process do not clear each other for ever', async () => {
    wanted = ['p1', 'p2', ...keysOf(10)];
    let deaths = 0;
    for (let isOver = false; !isOver; ) {
      let hasDied = false;
      const spine: TestSpine = world.spine({
        leaseMs: 60_000,
        handlers: {
          work(call) {
            const { key } = call;
            if (!key.startsWith('p')) return new Promise((resolve) => setTimeout(() => resolve(null), 20));
            hasDied = true;
            void spine.crash();
            return hang(call);
          },
        },
      });
      await spine.start();
      if (deaths === 0) await asked(spine).catch(() => {});
      await until('it has died, or both are set aside', async () => {
        await hurry();
        isOver = (await answers('p1')).length + (await answers('p2')).length === 2;
        return hasDied || isOver;
      });
      if (!isOver) {
        deaths += 1;
        await spine.crash();
        await expire();
      } else for (const key of wanted) await answered(key);
    }
    expect(deaths).toBeLessThanOrEqual(30);
    for (const key of ['p1', 'p2']) expect(await answers(key)).toMatchObject([{ code: 'EFFECT_POISON' }]);
    for (const key of keysOf(10)) expect(await answers(key)).toMatchObject([{ type: 'effect.succeeded' }]);
  });

  test('an effect that ends its process is set aside after three crashes of its own, and fifty neighbours end well', async () => {
    wanted = [...keysOf(25, 'a'), 'poison', ...keysOf(25, 'z')];
    let crashes = 0;
    for (let isSetAside = false; !isSetAside; ) {
      const spine: TestSpine = world.spine({
        leaseMs: 60_000,
        handlers: {
          async work(call) {
            if (call.key === 'poison') {
              crashes += 1;
              void spine.crash();
              return hang(call);
            }
            // As long as a turn is, beside the moment in which a process dies.
            await new Promise((resolve) => setTimeout(resolve, 20));
            return null;
          },
        },
      });
      const before = crashes;
      await spine.start();
      if (before === 0) await asked(spine).catch(() => {});
      await until('it has crashed, or does not any more', async () => {
        await hurry();
        isSetAside = (await answers('poison')).length > 0;
        return crashes > before || isSetAside;
      });
      if (!isSetAside) {
        await spine.crash();
        await expire();
      } else for (const key of wanted) await answered(key);
    }
    const [answer] = await answers('poison');
    expect(answer).toMatchObject({ type: 'effect.failed', code: 'EFFECT_POISON' });
    expect(answer?.reason).toMatch(/ended 5 times while this ran, the last 3 of them while nothing else ran beside it/);
    expect(crashes).toBe(5);
    const outcomes = await Promise.all(wanted.map(async (key) => (await answers(key)).map(({ type }) => type)));
    expect(outcomes.filter(([type]) => type === 'effect.succeeded')).toHaveLength(50);
    expect(
      await world.rows('select key, crashes_alone_ever as own from $S.effect where crashes_alone_ever > 0'),
    ).toEqual([{ key: 'poison', own: 3 }]);
    expect(await world.rows(answeredTwice)).toEqual([]);
  });

  test('graceful ends charge nobody, a suspect that waits and one that runs alone included', async () => {
    wanted = keysOf(3);
    await kill(2);
    const ends = async (spine: TestSpine) => {
      await spine.stop(0);
      expect(await world.rows('select key from $S.effect where is_alone or started <> 2')).toEqual([]);
    };
    for (let n = 0; n < 5; n++) {
      const { spine, calls } = mortal({ leaseMs: 60_000 });
      await spine.start();
      await until('a suspect runs alone', () => calls.length === 1);
      expect(await world.rows('select from $S.effect where is_alone and started = 3')).toHaveLength(1);
      await ends(spine);
    }
    const gate = createProcessGate();
    gate.enter(1);
    const { spine, calls } = mortal({ leaseMs: 60_000, gate });
    await spine.start();
    const held = () => world.rows('select from $S.effect where started = 3');
    await until('a suspect is held', async () => (await held()).length === 1);
    await ends(spine);
    expect(calls).toEqual([]);
    expect((await charges()).filter(({ crashes, alone }) => crashes > 2 || alone > 0)).toEqual([]);
  });

  /** What spines of one process run at any moment. */
  function watched(gate = createProcessGate()) {
    const seen: { key: string; beside: number; isSuspect: boolean }[] = [];
    let now = 0;
    let most = 0;
    const handler =
      (isHeld: (key: string) => Promise<unknown>) =>
      async ({ key }: EffectCall) => {
        now += 1;
        most = Math.max(most, now);
        seen.push({ key, beside: now - 1, isSuspect: key.startsWith('s') });
        await isHeld(key);
        now -= 1;
        return null;
      };
    return { gate, seen, handler, most: () => most, now: () => now };
  }
  const brief = () => new Promise((resolve) => setTimeout(resolve, 10));

  test('a suspect runs alone in its process, whichever of its spines has it, and the others wait', async () => {
    wanted = keysOf(4, 's');
    await kill(2);
    const run = watched();
    let isAlone = false;
    const broken: string[] = [];
    const work = run.handler(async (key) => {
      if (key.startsWith('s')) {
        if (run.now() > 1) broken.push(key);
        isAlone = true;
        await brief();
        isAlone = false;
      } else {
        if (isAlone) broken.push(key);
        await brief();
      }
    });
    const [a, b] = [0, 1].map(() => world.spine({ leaseMs: 60_000, gate: run.gate, handlers: { work } }));
    const ordinary = keysOf(30, 'o');
    await Promise.all([a?.start(), b?.start()]);
    for (const [i, key] of ordinary.entries()) {
      await (i % 2 === 0 ? a : b)?.receive([ask(key, { type: 'ask', keys: [key] })]);
    }
    for (const key of [...wanted, ...ordinary]) await answered(key);
    expect(broken).toEqual([]);
    expect(run.seen.filter(({ isSuspect }) => isSuspect).map(({ beside }) => beside)).toEqual([0, 0, 0, 0]);
    expect(run.most()).toBeGreaterThan(1);
    expect(await world.rows('select key from $S.effect where key like $1 and crashes_alone > 0', ['s%'])).toEqual([]);
  });

  test('a suspect waits for what runs in another spine of its process, and is not marked as alone before', async () => {
    wanted = ['s'];
    await kill(2);
    const run = watched();
    const long = Promise.withResolvers<void>();
    const alone = Promise.withResolvers<void>();
    const work = run.handler((key) => (key === 's' ? alone.promise : long.promise));
    const first = world.spine({ leaseMs: 60_000, gate: run.gate, handlers: { work } });
    const other = world.spine({ leaseMs: 60_000, gate: run.gate, handlers: { work } });
    // Two processes at the start, so that the other has work when this one finds the suspect.
    await world.rows(`update $S.effect set visible_at = clock_timestamp() + interval '1 hour'`);
    await first.start();
    await first.receive([ask('o', { type: 'ask', keys: ['o'] })]);
    await until('the ordinary one runs', () => run.now() === 1);
    await expire();
    await other.start();
    const isHeld = () => world.rows(`select from $S.effect where key = 's' and started = 3 and not is_alone`);
    await until('the suspect is held', async () => (await isHeld()).length === 1);
    await until('it waits to be alone', () => !run.gate.isOpen());
    // It may still begin beside the first one: a claim that was on its way when the gate closed has entered before.
    await first.receive([ask('p', { type: 'ask', keys: ['p'] })]);
    expect(run.seen.map(({ key }) => key)).not.toContain('s');
    long.resolve();
    await until('it runs', () => run.seen.some(({ key }) => key === 's'));
    expect(await world.rows(`select is_alone, crashes_alone as alone from $S.effect where key = 's'`)).toEqual([
      { is_alone: true, alone: 0 },
    ]);
    expect(run.seen.find(({ key }) => key === 's')).toMatchObject({ beside: 0 });
    expect(run.now()).toBe(1);
    alone.resolve();
    await answered('p');
    await answered('s');
  });

  test('a crash while a suspect still waits for others is not its own', async () => {
    wanted = ['s'];
    await kill(2);
    const gate = createProcessGate();
    const busy = gate.enter(1);
    const { spine, calls } = mortal({ gate, leaseMs: 60_000 });
    await spine.start();
    const isHeld = () => world.rows(`select from $S.effect where key = 's' and started = 3`);
    await until('the suspect is held', async () => (await isHeld()).length === 1);
    await spine.crash();
    gate.leave(busy);
    await expire();
    const next = world.spine({ leaseMs: 60_000 });
    await next.start();
    await answered('s');
    expect(calls).toEqual([]);
    expect(await charges()).toEqual([{ key: 's', crashes: 2, alone: 0 }]);
  });

  test('timers fire while a suspect runs alone, and are never charged', async () => {
    wanted = ['s'];
    await kill(2, async () => {
      const spine = world.spine({ leaseMs });
      await spine.receive([ask('clock', { type: 'ring', afterMs: 60_000 })]);
    });
    const { spine, calls } = mortal();
    await spine.start();
    await until('it runs alone', () => calls.length === 1);
    await spine.receive([ask('bell', { type: 'ring', afterMs: 30 })]);
    await answered('bell');
    await world.rows(`update $S.effect set visible_at = clock_timestamp() where stream_id = 'clock'`);
    await answered('clock');
    expect(calls).toHaveLength(1);
    expect(await answers('s')).toEqual([]);
    // One whose process ended in the middle of it, again and again.
    for (let n = 0; n < 6; n++) {
      await world.rows(
        `update $S.effect set state = 'running', lease_owner = 'the dead', visible_at = clock_timestamp(), finished = 0
          where stream_id = 'clock'`,
      );
      await until('it is taken', async () => {
        const [row] = await world.rows<{ state: string }>(`select state from $S.effect where stream_id = 'clock'`);
        return row?.state === 'done';
      });
    }
    expect(await world.rows(`select crashes from $S.effect where data->>'type' = 'timer'`)).toEqual([
      { crashes: 0 },
      { crashes: 0 },
    ]);
  });

  test('of two replicas one alone quiets down for a suspect, and the other goes on with all others', async () => {
    wanted = ['s'];
    await kill(2);
    const [a, b] = [mortal({ leaseMs: 60_000 }), mortal({ leaseMs: 60_000 })];
    await a.spine.start();
    await until('A runs it alone', () => a.calls.length === 1);
    await b.spine.start();
    await b.spine.receive([ask('o', { type: 'ask', keys: ['o1', 'o2'] })]);
    await until('B runs both', () => b.calls.length === 2);
    await a.spine.receive([ask('p', { type: 'ask', keys: ['p1', 'p2'] })]);
    await until('B runs what A may not', () => b.calls.length === 4);
    expect(a.keys()).toEqual(['s']);
  });

  test('a process that takes its own effect again, after the database was away, is not charged', async () => {
    const { spine, calls } = mortal({ leaseMs: 60_000 });
    await spine.start();
    await spine.receive([ask('a', { type: 'ask', keys: ['one'] })]);
    await until('it runs', () => calls.length === 1);
    for (let n = 0; n < 5; n++) {
      await expire();
      await until('it runs again', () => calls.length === n + 2);
    }
    expect(await charges()).toEqual([{ key: 'one', crashes: 0, alone: 0 }]);
  });

  test('what happened is told: each crash with its effect, who was alone, and what is set aside', async () => {
    const told: string[] = [];
    wanted = ['s'];
    for (let n = 0; n < 5; n++) {
      const { spine, calls } = mortal({
        leaseMs: 60_000,
        hooks: { onCrash: ({ key, crashes, crashesAlone }) => told.push(`${key} ${crashes} ${crashesAlone}`) },
      });
      await spine.start();
      if (n === 0) await asked(spine);
      await until('it runs', async () => {
        await hurry();
        return calls.length === 1;
      });
      await spine.crash();
      await expire();
    }
    const poison: string[] = [];
    let suspectsSeen = 0;
    const last = world.spine({
      leaseMs: 60_000,
      hooks: {
        onOpen: (read) => void read().then((backlog) => (suspectsSeen = backlog.suspects)),
        onPoison: ({ key }) => poison.push(key),
      },
    });
    await until('the backlog is read', () => suspectsSeen === 1);
    await last.start();
    await answered('s');
    expect(told).toEqual(['s 1 0', 's 2 0', 's 3 1', 's 4 2']);
    expect(poison).toEqual(['s']);
  });
}
