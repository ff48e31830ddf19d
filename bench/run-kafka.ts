// npm run bench:kafka [-- --rounds N --seconds N --write]: the deployed form beside LangGraph.js on the same Postgres, on
// throw-away servers. Interleaved rounds, medians, ratios; --write puts them into bench/README.md.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { kafkaDown, kafkaUp, postgresDown, postgresUp } from '@parley/tools';
import { installPeers, median, run, spread, writeFigures } from './harness.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
});
const name = 'bench-kafka';
const concurrency = '100';

interface Peer {
  readonly debatesPerSecond: number;
}
interface Cluster extends Peer {
  readonly idle: readonly { readonly service: string; readonly cpuPercent: number; readonly rssMb: number }[];
  readonly idleTurnMs: { readonly p50: number; readonly p99: number; readonly n: number };
}

try {
  const postgres = await postgresUp({ name });
  const kafka = await kafkaUp({ name });
  installPeers();
  const env = { CONCURRENCY: concurrency, SECONDS: values.seconds, DATABASE_URL: postgres.url };
  const peers: Peer[] = [];
  const clusters: Cluster[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    peers.push(run<Peer>('peers/langgraph.mjs', env));
    clusters.push(run<Cluster>('kafka.ts', { ...env, KAFKA_BROKERS: kafka.brokers }));
  }
  const text = report(peers, clusters);
  console.log(`\n${text}`);
  if (values.write) writeFigures('kafka', text);
} finally {
  await kafkaDown({ name, isPurged: true });
  await postgresDown({ name, isPurged: true });
}

function report(peers: readonly Peer[], clusters: readonly Cluster[]): string {
  const rate = (list: readonly Peer[]) => list.map(({ debatesPerSecond }) => debatesPerSecond);
  const ratio = (median(rate(clusters)) / median(rate(peers))).toFixed(1);
  const turns = clusters.map(({ idleTurnMs }) => idleTurnMs);
  const n = turns.reduce((sum, turn) => sum + turn.n, 0);
  const processes = clusters.flatMap(({ idle }) => idle);
  return `Median of ${clusters.length} interleaved rounds of ${values.seconds} s (least–most). Broker, database and four processes share ${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.

| promise | measured |
| --- | --- |
| debates per second, ${concurrency} at once | ${spread(rate(clusters))}; LangGraph.js + Postgres ${spread(rate(peers))}: **${ratio} ×** |
| a turn on an idle system, one debate at a time | p50 ${median(turns.map(({ p50 }) => p50)).toFixed(0)} ms, p99 ${median(turns.map(({ p99 }) => p99)).toFixed(0)} ms (n = ${n}) |
| an idle service, of one core over 40 s | ${spread(
    processes.map(({ cpuPercent }) => cpuPercent),
    2,
  )} % (n = ${processes.length}) |
| an idle service, resident | ${spread(
    processes.map((one) => one.rssMb),
    0,
  )} MB |`;
}
