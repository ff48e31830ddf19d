// One run: CONCURRENCY, SECONDS, and DATABASE_URL or DATA_DIR; prints one line of JSON, as the peers do.
import { createParley, openDatabase } from './composition.ts';

const rounds = 12;
const turns = rounds * 2;
const concurrency = Number(process.env.CONCURRENCY ?? 10);
const seconds = Number(process.env.SECONDS ?? 10);

const db = await openDatabase(process.env);
const parley = await createParley(db);

async function runFor(ms: number, workers: number): Promise<{ ids: string[]; seconds: number }> {
  const ids: string[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      do ids.push(await parley.debate(rounds));
      while (performance.now() - start < ms);
    }),
  );
  return { ids, seconds: (performance.now() - start) / 1_000 };
}

await runFor(1_000, Math.min(concurrency, 10));
const cpu = process.cpuUsage();
const done = await runFor(seconds * 1_000, concurrency);
const used = process.cpuUsage(cpu);

const whole = await db.query<{ id: string }>(
  `select stream_id as id from moderator.event group by stream_id
   having count(*) filter (where type = 'turn-recorded.v1') = $1 and count(*) filter (where type = 'verdict-given.v1') = 1
     and count(*) filter (where type = 'debate-closed.v1') = 1`,
  [turns],
);
const known = new Set(whole.map((row) => row.id));
const broken = done.ids.filter((id) => !known.has(id));
if (broken.length > 0) throw new Error(`${broken.length} debates are not whole, such as ${broken[0]}.`);

console.log(
  JSON.stringify({
    name: process.env.DATABASE_URL === undefined ? 'parley-pglite' : 'parley-postgres',
    concurrency,
    debates: done.ids.length,
    seconds: Number(done.seconds.toFixed(2)),
    debatesPerSecond: Number((done.ids.length / done.seconds).toFixed(1)),
    turnsPerSecond: Math.round((done.ids.length * turns) / done.seconds),
    cpuSeconds: Number(((used.user + used.system) / 1e6).toFixed(2)),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
await parley.stop();
process.exit(0);
