// Debates per second of the deployed form: four processes over Kafka and Postgres, asked over HTTP. CONCURRENCY,
// SECONDS, DATABASE_URL, KAFKA_BROKERS; prints one line of JSON. Before the load: what idle services cost (Linux: reads
// /proc), and the latency of turns one at a time.
import { setTimeout as wait } from 'node:timers/promises';
import { serviceSchemas } from '@parley/cli/operating/migrate.ts';
import type { DebateSummary } from '@parley/contracts/debate';
import { openPostgres } from '@parley/spine';
import { startCluster } from '@parley/tools';
import { cpuSeconds, rssMb } from './proc.ts';

const rounds = 12;
const turns = rounds * 2;
const concurrency = Number(process.env.CONCURRENCY ?? 100);
const seconds = Number(process.env.SECONDS ?? 10);
const pollMs = 25;
const idleSeconds = 40;

const databaseUrl = process.env.DATABASE_URL ?? '';
const db = openPostgres({ url: databaseUrl, poolSize: 2 });
for (const { schema } of Object.values(serviceSchemas)) {
  await db.query(`drop schema if exists ${schema} cascade`);
}
const cluster = await startCluster({
  brokers: process.env.KAFKA_BROKERS ?? '',
  databaseUrl,
  services: ['gateway', 'moderator', 'debater-a', 'debater-b'],
  replicas: 1,
  env: { PARLEY_MODEL: 'rehearsal:short', LOG_LEVEL: 'warn' },
  onLine: (name, line) => console.error(name, line),
});
await cluster.ready(60_000);
const url = cluster.of('gateway')[0]?.url ?? '';

const open = new Map<string, () => void>();
let isWatching = true;
const watching = (async () => {
  while (isWatching) {
    await wait(pollMs);
    const rows = await db.query<{ id: string }>(
      'select id from gateway.debate where id = any($1::uuid[]) and closed_at is not null',
      [[...open.keys()]],
    );
    for (const { id } of rows) {
      open.get(id)?.();
      open.delete(id);
    }
  }
})();

async function debate(): Promise<string> {
  const response = await fetch(`${url}/v1/debates`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ topic: 'Which of two designs is better?', maxRounds: rounds, stopWhenRedundant: false }),
  });
  if (response.status !== 202) throw new Error(`POST answered ${response.status}: ${await response.text()}`);
  const { id } = (await response.json()) as DebateSummary;
  await new Promise<void>((resolve) => open.set(id, resolve));
  return id;
}

async function runFor(ms: number, workers: number): Promise<{ ids: string[]; seconds: number }> {
  const ids: string[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      do ids.push(await debate());
      while (performance.now() - start < ms);
    }),
  );
  return { ids, seconds: (performance.now() - start) / 1_000 };
}

/** Of each service's process while nothing happens: its share of one core in percent, and what is resident. */
async function idleCost(): Promise<{ service: string; cpuPercent: number; rssMb: number }[]> {
  await wait(3_000);
  const before = cluster.replicas.map(({ pid }) => cpuSeconds(pid));
  await wait(idleSeconds * 1_000);
  return cluster.replicas.map(({ service, pid }, i) => ({
    service,
    cpuPercent: Number((((cpuSeconds(pid) - (before[i] ?? 0)) / idleSeconds) * 100).toFixed(2)),
    rssMb: rssMb(pid),
  }));
}

/** Milliseconds from one turn's record to the next, of debates that run alone. */
async function turnLatency(ids: readonly string[]): Promise<{ p50: number; p99: number; n: number }> {
  const [row] = await db.query<{ p50: number; p99: number; n: number }>(
    `select percentile_cont(0.5) within group (order by ms) as p50, percentile_cont(0.99) within group (order by ms) as p99,
       count(*)::int as n
     from (select extract(epoch from at - lag(at) over (partition by stream_id order by seq)) * 1000 as ms, type
       from moderator.event where stream_id = any($1)) t where type = 'turn-recorded.v1' and ms is not null`,
    [ids],
  );
  return row ?? { p50: Number.NaN, p99: Number.NaN, n: 0 };
}

const cost = await idleCost();
// Four processes have to compile what is hot in each before they go at their own pace.
await runFor(10_000, concurrency);
const idle = await runFor(Math.min(seconds, 5) * 1_000, 1);
const latency = await turnLatency(idle.ids);
const done = await runFor(seconds * 1_000, concurrency);
const whole = await db.query<{ id: string }>(
  `select stream_id as id from moderator.event where stream_id = any($2) group by stream_id
   having count(*) filter (where type = 'turn-recorded.v1') = $1 and count(*) filter (where type = 'debate-closed.v1') = 1`,
  [turns, done.ids],
);
if (whole.length !== done.ids.length) throw new Error(`${done.ids.length - whole.length} debates are not whole.`);
console.log(
  JSON.stringify({
    name: 'parley-kafka',
    concurrency,
    debates: done.ids.length,
    seconds: Number(done.seconds.toFixed(2)),
    debatesPerSecond: Number((done.ids.length / done.seconds).toFixed(1)),
    turnsPerSecond: Math.round((done.ids.length * turns) / done.seconds),
    idle: cost,
    idleTurnMs: { p50: Number(latency.p50.toFixed(1)), p99: Number(latency.p99.toFixed(1)), n: latency.n },
  }),
);
isWatching = false;
await watching;
await cluster.stop();
await db.close();
process.exit(0);
