// npm run bench [-- --rounds N --seconds N --quick]: Parley beside its peers on one server in one run. Interleaved
// rounds, medians, ratios; every figure is printed as JSON first. Writes bench/README.md's table with --write.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresDown, postgresUp } from '@parley/tools';
import { installPeers, median, run, spread, writeFigures } from './harness.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    finished: { type: 'string', default: '10000' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const concurrencies = [1, 10, 100] as const;

interface Run {
  readonly name: string;
  readonly concurrency: number;
  readonly debatesPerSecond: number;
}

const postgres = await postgresUp({ name: 'bench' });
const dataHome = mkdtempSync(join(tmpdir(), 'parley-bench-'));
try {
  await main();
} finally {
  await postgresDown({ name: 'bench', isPurged: true });
  rmSync(dataHome, { recursive: true, force: true });
}

async function main(): Promise<void> {
  installPeers();
  const onServer = { DATABASE_URL: postgres.url };
  const figures: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const concurrency of concurrencies) {
      const env = { CONCURRENCY: String(concurrency), SECONDS: values.seconds };
      figures.push(run<Run>('peers/langgraph.mjs', { ...env, ...onServer }));
      figures.push(run<Run>('parley.ts', { ...env, ...onServer }));
      figures.push(run<Run>('parley.ts', { ...env, DATA_DIR: join(dataHome, `${round}-${concurrency}`) }));
      figures.push(run<Run>('peers/bare.mjs', { ...env, ...onServer }));
    }
  }
  const flat = run<Flat>('flat.ts', { ...onServer, FINISHED: values.finished });
  const idle = run<Idle>('idle.ts', {});
  const text = report(figures, flat, idle);
  console.log(`\n${text}`);
  if (values.write) writeFigures('figures', text);
}

interface Flat {
  readonly ratios: readonly number[];
  readonly turnGapMs: {
    readonly n: number;
    readonly turns2to17: number;
    readonly turns49to64: number;
    readonly ratio: number;
  };
  readonly msPerTurn: {
    readonly after10: number;
    readonly finished: number;
    readonly afterAll: number;
    readonly ratio: number;
  };
}
interface Idle {
  readonly n: number;
  readonly firstAnswerMs: { readonly fresh: number; readonly existing: number };
  readonly idle: { readonly cpuPercentOfOneCore: number; readonly rssMb: number };
}

function report(figures: readonly Run[], flat: Flat, idle: Idle): string {
  const of = (name: string, concurrency: number): number[] =>
    figures.filter((f) => f.name.startsWith(name) && f.concurrency === concurrency).map((f) => f.debatesPerSecond);
  const ratio = (name: string, c: number): string =>
    `${(median(of(name, c)) / median(of('langgraph', c))).toFixed(1)} ×`;
  const rows = concurrencies.map((c) =>
    [
      String(c),
      spread(of('langgraph', c)),
      spread(of('parley-postgres', c)),
      `**${ratio('parley-postgres', c)}**`,
      spread(of('parley-pglite', c)),
      `**${ratio('parley-pglite', c)}**`,
      spread(of('bare', c)),
    ].join(' | '),
  );
  const head = 'concurrency | LangGraph.js + Postgres | Parley, Postgres | ratio | Parley, PGlite | ratio | bare loop';
  const { turnGapMs: gap, msPerTurn: cost } = flat;
  return `Debates per second, median of ${rounds} interleaved rounds of ${values.seconds} s (least–most). ${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}, Postgres ${postgres.version}, fsync and synchronous_commit on, ${new Date().toISOString().slice(0, 10)}.

| ${head} |
| ${head.replace(/[^|]+/g, ' --- ').trim()} |
${rows.map((row) => `| ${row} |`).join('\n')}

| promise | measured |
| --- | --- |
| cost per turn flat from turn 1 to 64 | ${gap.turns2to17.toFixed(1)} ms between turns 2–17, ${gap.turns49to64.toFixed(1)} ms between turns 49–64: ${gap.ratio.toFixed(2)} × (50 debates in step, median of n = ${flat.ratios.length}: ${spread(flat.ratios, 2)}) |
| cost per turn flat from 10 to ${cost.finished} finished debates | ${cost.after10.toFixed(3)} ms, ${cost.afterAll.toFixed(3)} ms: ${cost.ratio.toFixed(2)} × (400 debates each, n = 1) |
| first HTTP answer after start | existing directory ${(idle.firstAnswerMs.existing / 1000).toFixed(1)} s, fresh one ${(idle.firstAnswerMs.fresh / 1000).toFixed(1)} s (median, n = ${idle.n}) |
| idle | ${idle.idle.cpuPercentOfOneCore.toFixed(1)} % of one core over 20 s, ${idle.idle.rssMb} MB resident (n = 1) |`;
}
