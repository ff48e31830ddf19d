import { afterEach, expect, test } from '@jest/globals';
import { createSpine, migrate, openEmbedded } from '../src/index.ts';
import { type AskerInput, kinds } from './deciders.ts';
import { until } from './world.ts';

const day = 86_400_000;
const realNow = Date.now;
afterEach(() => {
  Date.now = realNow;
});

/** One spine on an embedded database, whose clock is this process's. */
async function running(onClockJump: (byMs: number) => void = () => {}) {
  const db = await openEmbedded();
  await migrate(db, { schema: 'c' });
  const spine = createSpine({
    ...{ db, schema: 'c', service: 'test', kinds, handlers: { work: async () => null }, pollMs: 20 },
    bus: { publish: async () => {} },
    hooks: { onClockJump },
  });
  await spine.start();
  let ids = 0;
  const ask = (input: AskerInput) => spine.receive([{ id: `i${ids++}`, kind: 'asker', stream: 'a', input }]);
  const answers = () =>
    db.query<{ at: number }>("select (data->>'at')::float8 as at from c.event where type = 'answered'");
  const clock = async () =>
    (await db.query<{ at: number }>('select extract(epoch from clock_timestamp()) * 1000 as at'))[0]?.at as number;
  return { spine, ask, answers, clock, close: async () => spine.stop(0).then(() => db.close()) };
}

test.each([
  ['forward', day],
  ['backward', -day],
])(
  'a clock that is set %s by a day makes no timer ring early or late, and deciders see no day pass',
  async (_, byMs) => {
    const jumps: number[] = [];
    const { spine, ask, answers, clock, close } = await running((by) => jumps.push(by));
    try {
      const began = realNow();
      await ask({ type: 'ring', afterMs: 400 });
      await ask({ type: 'ring', afterMs: 3_600_000, name: 'deadline' });
      Date.now = () => realNow() + byMs;
      expect(Math.abs((await clock()) - began - byMs)).toBeLessThan(5_000);
      await until('the timer has rung', async () => (await answers()).length === 1);
      const [rang] = await answers();
      expect((rang?.at ?? 0) - began).toBeGreaterThan(390);
      expect((rang?.at ?? 0) - began).toBeLessThan(10_000);
      expect(Math.abs(spine.now() - realNow())).toBeLessThan(1_000);
      await ask({ type: 'ask', keys: ['one'] });
      await until('the effect is answered', async () => (await answers()).length === 2);
      expect(((await answers())[1]?.at ?? 0) - began).toBeLessThan(10_000);
      expect(jumps.map((by) => Math.round(by / 1_000))).toEqual([byMs / 1_000]);
    } finally {
      await close();
    }
  },
  30_000,
);

test('a clock that drifts is followed', async () => {
  const jumps: number[] = [];
  const { ask, answers, close } = await running((by) => jumps.push(by));
  try {
    Date.now = () => realNow() + 2_000;
    await ask({ type: 'ask', keys: ['one'] });
    await until('the effect is answered', async () => (await answers()).length === 1);
    expect(((await answers())[0]?.at ?? 0) - realNow()).toBeGreaterThan(1_000);
    expect(jumps).toEqual([]);
  } finally {
    await close();
  }
});
