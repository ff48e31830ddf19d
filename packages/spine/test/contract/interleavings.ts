import { expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, integer, oneof, record } from 'fast-check';
import { failpoints } from '../../src/index.ts';
import { add, deliver, type TestSpine, until, type World } from '../world.ts';

/** What may happen next. A crash abandons a spine where it stands and starts another. */
const step = oneof(
  {
    weight: 6,
    arbitrary: record({
      do: constantFrom('arrive'),
      spine: integer({ min: 0, max: 1 }),
      count: integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      do: constantFrom('repeat'),
      spine: integer({ min: 0, max: 1 }),
      count: integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      do: constantFrom('crash'),
      spine: integer({ min: 0, max: 1 }),
      count: integer({ min: 0, max: failpoints.length - 1 }),
    }),
  },
);

export function interleavings(world: World): void {
  test('whatever arrives, comes twice or crashes in between, every input counts once and no log has a gap', async () => {
    let run = 0;
    await assert(
      asyncProperty(array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        run += 1;
        const stream = (i: number) => `${run}-${i % 3}`;
        const made: TestSpine[] = [];
        /** Dies at the named point the next time it is reached. */
        const create = (): { spine: TestSpine; arm(point: string): void } => {
          let armed = '';
          const spine = world.spine({
            failpoint: (point) => {
              if (point === armed) void spine.crash();
            },
          });
          made.push(spine);
          return {
            spine,
            arm(point) {
              armed = point;
            },
          };
        };
        const two = [create(), create()];
        for (const { spine } of two) await spine.start();
        const given: ReturnType<typeof add>[] = [];
        const doubtful: Promise<unknown>[] = [];
        for (const { do: what, spine: which, count } of steps) {
          const at = two[which] as (typeof two)[number];
          if (what === 'crash') {
            at.arm(failpoints[count] ?? '');
            doubtful.push(at.spine.receive(given.slice(-3)).catch(() => {}));
            two[which] = create();
            await two[which].spine.start();
            void at.spine.crash();
            continue;
          }
          const fresh = what === 'arrive' ? Array.from({ length: count }, (_, i) => add(stream(given.length + i))) : [];
          given.push(...fresh);
          const batch = what === 'arrive' ? fresh : given.slice(-count).toReversed();
          doubtful.push(at.spine.receive(batch).catch(() => {}));
        }
        await Promise.all(doubtful);
        await deliver((two[0] as (typeof two)[number]).spine, given);
        for (let i = 0; i < 3; i++) {
          const expected = given.filter((arrival) => arrival.stream === stream(i)).length;
          const events = await world.log(stream(i));
          const [row] = await world.rows<{ inputs: number }>(
            `select (state ->> 'inputs')::integer as inputs from $S.stream where id = $1`,
            [stream(i)],
          );
          expect([events.length, row?.inputs ?? 0]).toEqual([expected, expected]);
        }
        await world.rows(`update $S.relay set until = '-infinity'`);
        const sent = () =>
          new Set(
            world
              .messages()
              .filter(({ subject }) => subject.startsWith(`${run}-`))
              .map(({ id }) => id),
          );
        await until('all is sent', () => sent().size === given.length);
        for (const spine of made) await spine.stop(0);
      }),
      { numRuns: 25 },
    );
  });
}
