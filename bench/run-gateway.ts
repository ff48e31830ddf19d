// npm run bench:gateway [-- --clients N --storm N --seconds N --write]: what one gateway process carries, on a throw-away
// Postgres. --write puts the figures into bench/README.md.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { postgresDown, postgresUp } from '@parley/tools';
import { run, writeFigures } from './harness.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '5000' },
    storm: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
});
const name = 'bench-gateway';

/** Milliseconds; `cpuMs` of one core, for one request. */
interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: number;
}
interface Figures {
  readonly overhead: {
    readonly perSecond: number;
    readonly seconds: number;
    readonly rounds: number;
    readonly gateway: Measured;
    readonly bare: Measured;
  };
  readonly fanOut: {
    readonly clients: number;
    readonly events: number;
    readonly deliveries: number;
    readonly lateMs: { readonly p50: number; readonly p99: number; readonly max: number };
    readonly rssMb: number;
    readonly cpuMicroseconds: number;
  };
  readonly storm: {
    readonly clients: number;
    readonly storms: number;
    readonly events: number;
    readonly deliveries: number;
    readonly caughtUpMs: readonly number[];
  };
  readonly load: readonly [number, number];
}

try {
  const postgres = await postgresUp({ name });
  const env = { CLIENTS: values.clients, STORM: values.storm, SECONDS: values.seconds };
  const text = report(run<Figures>('gateway.ts', { ...env, DATABASE_URL: postgres.url }));
  console.log(`\n${text}`);
  if (values.write) writeFigures('gateway', text);
} finally {
  await postgresDown({ name, isPurged: true });
}

function report({ overhead, fanOut, storm, load }: Figures): string {
  const { gateway, bare } = overhead;
  const each = `p99 of ${overhead.rounds} interleaved rounds of ${overhead.seconds} s, median`;
  const count = (n: number) => n.toLocaleString('en');
  return `Gateway, readers, load and Postgres share ${cpus().length} cores (${cpus()[0]?.model}), whose load average was ${load[0]} at the beginning and ${load[1]} at the end; Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.

| promise | measured |
| --- | --- |
| ${count(fanOut.clients)} readers of one debate, every event once and in order | ${count(fanOut.deliveries)} of ${count(fanOut.clients * fanOut.events)} deliveries |
| from the commit to the reader | p50 ${fanOut.lateMs.p50} ms, p99 ${fanOut.lateMs.p99} ms, most ${fanOut.lateMs.max} ms (n = ${count(fanOut.deliveries)}) |
| what they cost the gateway | ${fanOut.cpuMicroseconds} µs of a core for a delivery, ${fanOut.rssMb} MB in all |
| ${count(storm.clients)} readers cut off and back at once, ${storm.storms} times | ${count(storm.deliveries)} of ${count(storm.clients * storm.events)} deliveries, once and in order; all caught up after ${storm.caughtUpMs.join(', ')} ms |
| ${overhead.perSecond} requests/s through the gateway (${each}) | p99 ${gateway.p99} ms, p50 ${gateway.p50} ms; ${gateway.cpuMs} ms of a core for a request |
| the same of a bare express route with the same statement | p99 ${bare.p99} ms, p50 ${bare.p50} ms, ${bare.cpuMs} ms of a core: **${(gateway.p99 / bare.p99).toFixed(1)} ×**, ${(gateway.p99 - bare.p99).toFixed(1)} ms more |`;
}
