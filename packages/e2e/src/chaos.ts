// npm run chaos: the long form of the kill -9 campaigns, printed as JSON.
//   [--debates N] [--seed N]                         the product in one process
//   --cluster [--minutes N] [--seed N] [--brokers 3] every service twice, on a Kafka and a Postgres of its own
//   --outage SECONDS [--debates N] [--cluster]       the only model server away, at each kind of call, over a kill -9
import { parseArgs } from 'node:util';
import { kafkaDown, postgresDown } from '@parley/tools';
import { runCampaign } from './campaign.ts';
import { runClusterCampaign } from './cluster-campaign.ts';
import { asCluster } from './cluster-outage.ts';
import { inOneProcess, type OutageResult, outageCalls, runOutage } from './outage.ts';

const { values } = parseArgs({
  options: {
    debates: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    cluster: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '15' },
    brokers: { type: 'string', default: '1' },
    outage: { type: 'string' },
  },
});
const seed = Number(values.seed);
const name = `chaos-${process.pid}`;
if (values.cluster) {
  // The services end with the pipe that they log to; servers would stay.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await Promise.all([kafkaDown({ name, isPurged: true }), postgresDown({ name, isPurged: true })]);
      process.exit(130);
    });
  }
}
if (values.outage !== undefined) {
  const open = values.cluster ? asCluster(name, (line) => console.error(line)) : inOneProcess;
  const results: OutageResult[] = [];
  // One cluster at a time: each has a Kafka of its own.
  for (const calls of values.cluster ? outageCalls.map((at) => [at]) : [outageCalls]) {
    const options = { debates: Number(values.debates), downMs: Number(values.outage) * 1000, isRestarted: true };
    results.push(...(await Promise.all(calls.map((at) => runOutage({ ...options, at }, open)))));
  }
  console.log(JSON.stringify(results, null, 2));
  process.exit(
    results.every(({ debates, verdicts, violations }) => verdicts === debates && violations.length === 0) ? 0 : 1,
  );
}
const say = (line: string) => console.error(line);
const result = values.cluster
  ? await runClusterCampaign({
      name,
      seed,
      say,
      minutes: Number(values.minutes),
      brokers: values.brokers === '3' ? 3 : 1,
    })
  : await runCampaign({
      debates: Number(values.debates),
      seed,
      killAfterMs: [200, 3_000],
      limitMs: 15 * 60_000,
      report: say,
    });
console.log(JSON.stringify(result, null, 2));
const unfinished = 'unfinished' in result ? result.unfinished.length : 0;
process.exitCode = result.violations.length + unfinished === 0 ? 0 : 1;
