// Is a turn as cheap at the end as at the beginning? Prints one line of JSON. DATABASE_URL or DATA_DIR; FINISHED.
import { createParley, openDatabase } from './composition.ts';

const finished = Number(process.env.FINISHED ?? 10_000);
const concurrency = 50;
const longest = 32;
const sample = { debates: 400, rounds: 12 } as const;

const db = await openDatabase(process.env);
const parley = await createParley(db);

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
const early: number[] = [];
const late: number[] = [];
const at10 = await run(sample.debates, sample.rounds);

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
for (const { n, ms } of gaps) (n <= 17 ? early : n > 48 ? late : []).push(ms);

await run(finished - sample.debates - concurrency - 10, sample.rounds);
const atEnd = await run(sample.debates, sample.rounds);
const [count] = await db.query<{ n: number }>(
  `select count(*)::int as n from moderator.stream where status = 'finished'`,
);
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

console.log(
  JSON.stringify({
    name: process.env.DATABASE_URL === undefined ? 'parley-pglite' : 'parley-postgres',
    turnGapMs: { turns2to17: mean(early), turns49to64: mean(late), ratio: mean(late) / mean(early) },
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
