// npm run bench:debate [-- --help]: what becomes of debates in which it is known who repeats. Every debate uses all its
// rounds and is then replayed with the redundancy stop on. The models are those of `npm start`; flags win over the
// environment. Everything goes through the public routes.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readTurnPairs, turnPairsFile } from '@parley/cli/calibrate/turn-pairs.ts';
import { upEnv } from '@parley/cli/config.ts';
import { createEmbedded } from '@parley/cli/running/embedded.ts';
import { messageOf } from '@parley/contracts';
import { defaultPolicy, discoverModel, type Models } from '@parley/model';
import { modelEnv, readEnv, silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { generator } from '../packages/e2e/src/random.ts';
import { counter, runDebate, runReplay } from './debate/api.ts';
import { countJudging, countStops, countTurns, type Watched } from './debate/count.ts';
import { readFlags } from './debate/flags.ts';
import { type Motion, motionsFor } from './debate/motions.ts';
import { planDebate } from './debate/plan.ts';
import { createPlanter, type Planted } from './debate/planting.ts';
import { placed, type Report, tableOf } from './debate/report.ts';

const page = fileURLToPath(new URL('README.md', import.meta.url));
/** One debate in so many runs dry. Odd, because the sides that the corpus speaks for take turns. */
const dryEvery = 5;
/** A laptop's server answers one call at a time and lets the others wait; here they wait in turn, and nobody gives up. */
const patient = { concurrency: { ...defaultPolicy.concurrency, ollama: 1 }, warmFirstTokenMs: 60_000 } as const;
const flags = readFlags(process.argv.slice(2));
const { debates, rounds, judgements } = flags;
const motions = motionsFor(debates);
const plans = await planAll(motions);
const planter = createPlanter(plans);
const env = readEnv(modelEnv, process.env);
const { PARLEY_REDUNDANCY_COSINE } = process.env;
const settings = readEnv(upEnv, { PARLEY_REDUNDANCY_COSINE });
const discovery = await discoverModel({
  env,
  model: flags.model ?? env.PARLEY_MODEL,
  embedModel: env.PARLEY_EMBED_MODEL,
});
const models = Object.fromEntries(
  Object.entries(discovery.models).map(([provider, model]) => [provider, model && planter.wrap(model)]),
) as Models;
console.error(discovery.explanation);
const parley = await createEmbedded({
  db: await openEmbedded({}),
  discovery: { ...discovery, models },
  logger: silentLogger,
  port: 0,
  host: '127.0.0.1',
  modelPolicy: patient,
  env: settings,
  models: flags.judge === undefined ? {} : { moderator: flags.judge },
});
const isOver = AbortSignal.timeout(flags.minutes * 60_000);
const watched: Watched[] = [];
let failed = 0;
let done = 0;
await Promise.all(Array.from({ length: Math.min(flags.atOnce, debates) }, work));

const report: Report = {
  model: discovery.defaultModel,
  judge: flags.judge ?? discovery.defaultModel,
  embedModel: discovery.embedModel,
  isRehearsal: discovery.isRehearsal,
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}`,
  rounds,
  seed: flags.seed,
  debates: { asked: debates, finished: watched.length, failed },
  isPartial: isOver.aborted,
  judgements,
  turns: countTurns(watched),
  stops: countStops(watched),
  judging: countJudging(watched, judgements),
  context: {
    truncations: await counter(parley.url, 'parley_prompt_truncations_total'),
    failedCalls: await counter(parley.url, 'parley_model_events_total', 'type="failed"'),
    skippedChecks: await counter(parley.url, 'parley_checks_skipped_total', 'cause="failed"'),
  },
};
console.log(flags.isJson ? JSON.stringify(report) : tableOf(report));
if (flags.isWritten) writeFileSync(page, placed(readFileSync(page, 'utf8'), report, tableOf(report)));
await parley.stop();
process.exit(0);

/** Takes one motion after the other until there are none, or no time. */
async function work(): Promise<void> {
  for (let motion = motions.shift(); motion !== undefined && !isOver.aborted; motion = motions.shift()) {
    await watch(motion).catch((thrown) => {
      if (isOver.aborted) return;
      failed += 1;
      console.error(`${motion?.motion} ${messageOf(thrown)}`);
    });
  }
}

async function watch({ motion: topic, language }: Motion): Promise<void> {
  const body = { topic, maxRounds: rounds, stopWhenRedundant: false };
  const { id, facts } = await runDebate(parley.url, body, isOver);
  const replays: Watched['replays'][number][] = [];
  watched.push({
    facts,
    language,
    replays,
    dryFrom: plans.get(topic)?.plan.dryFrom,
    plantedAt: (side, round) => planter.plantedAt(topic, side, round),
  });
  while (replays.length < judgements) {
    replays.push(await runReplay(parley.url, id, { stop: { stopWhenRedundant: true } }, isOver));
  }
  done += 1;
  const { replay } = replays[0] as (typeof replays)[number];
  console.error(`${done}/${debates} ${topic} round ${replay.rounds} of ${rounds}, ${replay.stopReason}`);
}

async function planAll(all: readonly Motion[]): Promise<ReadonlyMap<string, Planted>> {
  const pairs = await readTurnPairs(turnPairsFile);
  const random = generator(flags.seed);
  const byMotion = all.map(({ motion, topic, language, side }, n): [string, Planted] => {
    const paraphrase = (kind: 'near' | 'free') => {
      const pair = pairs.find((one) => one.topic === topic && one.language === language && one.kind === kind);
      if (pair === undefined) throw new Error(`${turnPairsFile} has no ${kind} paraphrase on ${topic} in ${language}.`);
      return pair;
    };
    const plan = planDebate({ rounds, share: flags.share, side, runsDry: n % dryEvery === 1 }, random);
    const near = paraphrase('near');
    return [motion, { plan, texts: { original: near.earlier, near: near.later, free: paraphrase('free').later } }];
  });
  return new Map(byMotion);
}
