// npm run chaos: the long form of the kill -9 campaigns, printed as JSON.
//   [--debates N] [--seed N] [--turn-ms N] [--rounds N]   the product in one process, killed at random moments
//     [--kills N] [--every-ms LEAST-MOST]                   so many kills, each so long after it was up again
//     [--per-life N]                                        so many debates are begun in each life of the process
//   --poison [--debates N] [--turn-ms N]                  beside them a turn that ends the process each time it runs
//   --cluster [--minutes N] [--seed N] [--brokers 3]      every service twice, on a Kafka and a Postgres of its own
//     [--turn-ms N --kills N] [--debates N]                 both replicas of one agent killed so often inside one turn
//   --outage SECONDS [--debates N] [--cluster]            the only model server away at each kind of call, over a kill -9
//   --dribble SECONDS [--debates N]                       debates with that deadline whose judge never ends its answer
import { parseArgs } from 'node:util';
import { kafkaDown, postgresDown } from '@parley/tools';
import { runCampaign } from './campaign.ts';
import { insideOneTurn } from './cluster/inside-one-turn.ts';
import { runClusterCampaign } from './cluster-campaign.ts';
import { asCluster } from './cluster-outage.ts';
import { isInTime, runDribble } from './dribble.ts';
import { outageCalls, runOutage, runOutages } from './outage.ts';
import { runPoisonCampaign } from './poison-campaign.ts';

const { values } = parseArgs({
  options: {
    debates: { type: 'string' },
    'turn-ms': { type: 'string' },
    rounds: { type: 'string' },
    kills: { type: 'string' },
    'every-ms': { type: 'string' },
    'per-life': { type: 'string' },
    poison: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    cluster: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '15' },
    brokers: { type: 'string', default: '1' },
    outage: { type: 'string' },
    dribble: { type: 'string' },
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
const say = (line: string) => console.error(line);
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const [turnMs, kills, rounds] = [values['turn-ms'], values.kills, values.rounds].map(number);
if (values.outage !== undefined) process.exit((await outages(Number(values.outage) * 1000)) ? 0 : 1);
if (values.dribble !== undefined) process.exit((await dribble(Number(values.dribble))) ? 0 : 1);
const result = await (values.cluster ? cluster() : values.poison ? poison() : one());
console.log(JSON.stringify(result, null, 2));
const unfinished = 'unfinished' in result ? result.unfinished.length : 0;
process.exitCode = result.violations.length + unfinished === 0 ? 0 : 1;

function one() {
  const [least = 200, most = least] = (values['every-ms'] ?? '200-3000').split('-').map(Number);
  return runCampaign({
    debates: number(values.debates) ?? 100,
    seed,
    turnMs: turnMs ?? 100,
    killAfterMs: [least, most],
    limitMs: 15 * 60_000,
    finishMs: 15 * 60_000,
    report: say,
    ...(values['per-life'] !== undefined && { perLife: Number(values['per-life']) }),
    ...(kills !== undefined && { kills }),
    ...(rounds !== undefined && { rounds }),
  });
}

function poison() {
  return runPoisonCampaign({
    neighbours: number(values.debates) ?? 50,
    turnMs: turnMs ?? 200,
    rounds: rounds ?? 1,
    limitMs: 15 * 60_000,
    report: say,
  });
}

function cluster() {
  const common = { name, seed, say, brokers: values.brokers === '3' ? 3 : 1 } as const;
  if (turnMs === undefined) return runClusterCampaign({ ...common, minutes: Number(values.minutes) });
  return runClusterCampaign({
    ...common,
    ...insideOneTurn({ turnMs, kills: kills ?? 5, debates: number(values.debates) ?? 8, rounds: rounds ?? 1 }),
  });
}

/** Prints how debates came through an outage at each kind of call. False: not all of them did. */
async function outages(downMs: number): Promise<boolean> {
  const each = { debates: number(values.debates) ?? 10, downMs, isRestarted: true };
  const all = outageCalls.map((at) => ({ ...each, at }));
  const results = values.cluster
    ? await runOutages(all, asCluster(name, say))
    : await Promise.all(all.map((options) => runOutage(options)));
  console.log(JSON.stringify(results, null, 2));
  return results.every(({ debates, verdicts, violations }) => verdicts === debates && violations.length === 0);
}

/** Prints when debates were over whose judge dribbled. False: one of them was late. */
async function dribble(deadlineSeconds: number): Promise<boolean> {
  const result = await runDribble({ debates: number(values.debates) ?? 10, deadlineSeconds });
  console.log(JSON.stringify(result, null, 2));
  return isInTime(result);
}
