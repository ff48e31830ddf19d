// Is a turn as cheap at the end as at the beginning? Prints one line of JSON. DATABASE_URL or DATA_DIR; FINISHED.
import { createParley, openDatabase } from './composition.ts';

const finished = Number(process.env.FINISHED ?? 10_000);
const concurrency = 50;
const longest = 32;
/** How often long debates are looked at. */
const times = 5;
const sample = { debates: 400, rounds: 12 } as const;

/** What runs often is compiled by then, and the database is as empty as before. */
const warm = await createParley(await openDatabase(process.env));
await Promise.all(Array.from({ length: sample.debates }, () => warm.debate(sample.rounds)));
await warm.stop();

const db = await openDatabase(process.env);
const parley = await createParley(db);

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

async function run(
  count: number,
  rounds: number,
  workers = concurrency,
): Promise<{ ids: string[]; msPerTurn: number }> {
  const ids: string[] = [];
  const start = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (left-- > 0) ids.push(await parley.debate(rounds));
    }),
  );
  return { ids, msPerTurn: (performance.now() - start) / (count * rounds * 2) };
}

await run(10, sample.rounds);
const at10 = await run(sample.debates, sample.rounds);

/** Mean gap between turns late in a long debate, as a multiple of that at its beginning. */
async function growth(): Promise<{ early: number; late: number; ratio: number }> {
  // All of them in step, so that a turn's number is also its moment.
  const long = await run(concurrency, longest);
  const gaps = await db.query<{ n: number; ms: number }>(
    `select n::int, avg(ms)::float8 as ms from (
       select row_number() over w as n, extract(epoch from at - lag(at) over w) * 1000 as ms
       from moderator.event where stream_id = any($1) and type = 'turn-recorded.v1'
       window w as (partition by stream_id order by seq)) t
     where ms is not null group by n order by n`,
    [long.ids],
  );
  const early = mean(gaps.filter(({ n }) => n <= 17).map(({ ms }) => ms));
  const late = mean(gaps.filter(({ n }) => n > 48).map(({ ms }) => ms));
  return { early, late, ratio: late / early };
}
const growths: Awaited<ReturnType<typeof growth>>[] = [];
for (let i = 0; i < times; i++) growths.push(await growth());
const typical = growths.toSorted((a, b) => a.ratio - b.ratio)[times >> 1] ?? growths[0];

await run(Math.max(0, finished - sample.debates - times * concurrency - 10), sample.rounds);
const atEnd = await run(sample.debates, sample.rounds);
const [count] = await db.query<{ n: number }>(
  `select count(*)::int as n from moderator.stream where status = 'finished'`,
);

console.log(
  JSON.stringify({
    name: process.env.DATABASE_URL === undefined ? 'parley-pglite' : 'parley-postgres',
    turnGapMs: { n: times, turns2to17: typical?.early, turns49to64: typical?.late, ratio: typical?.ratio },
    ratios: growths.map(({ ratio }) => ratio),
    msPerTurn: {
      after10: at10.msPerTurn,
      finished: count?.n,
      afterAll: atEnd.msPerTurn,
      ratio: atEnd.msPerTurn / at10.msPerTurn,
    },
  }),
);
await parley.stop();
process.exit(0);
