import { ParleyError } from '@parley/contracts';
import { createModelClient, discoverModel } from '@parley/model';
import type { Accuracy } from '@parley/moderator/domain/calibration.ts';
import { type Env, modelEnv, readEnv } from '@parley/runtime';
import { type CalibrationReport, measureByMeaning, reportOf } from './calibrate.ts';
import { readTurnPairs, turnPairsFile } from './turn-pairs.ts';

export interface CalibrateFlags {
  readonly model?: string;
  readonly corpus?: string;
  readonly output?: 'json';
}

/** `parley calibrate`: the cosine from which a model's turns count as said before. Resolves to the exit code. */
export async function calibrateCommand(
  flags: CalibrateFlags,
  environment: Env,
  print: (line: string) => void = console.log,
): Promise<number> {
  const env = readEnv(modelEnv, environment);
  const { models, embedModel } = await discoverModel({ env, embedModel: flags.model ?? env.PARLEY_EMBED_MODEL });
  if (embedModel === undefined) {
    const message = 'There is no embedding model. Name one with --model or PARLEY_EMBED_MODEL, such as all-minilm.';
    throw new ParleyError('CONFIG_INVALID', message);
  }
  const pairs = await readTurnPairs(flags.corpus ?? turnPairsFile);
  const client = createModelClient({ models });
  const measured = await measureByMeaning(client, embedModel, pairs, new AbortController().signal);
  const report = reportOf(embedModel, measured);
  if (flags.output === 'json') print(JSON.stringify(report));
  else for (const line of linesOf(report)) print(line);
  return report.scripts.some(({ best }) => best !== undefined) ? 0 : 1;
}

function linesOf({ model, pairs, scripts, overall, cheapSteps, rows }: CalibrationReport): string[] {
  const line = (...[what, n, cheap, all]: [string, string, string, string]) =>
    `  ${what.padEnd(24)}${n.padStart(5)}${cheap.padStart(12)}${all.padStart(14)}`;
  const table = rows.map((row) =>
    line(`${row.language} ${row.what}`, String(row.pairs), percent(row.cheapSteps), percent(row.withCosine)),
  );
  const sums = scripts.flatMap((of) => [
    `${of.script}, ${of.pairs} pairs: ${of.best ? `from ${of.best.cosine} on` : 'not told apart'}`,
    `  steps 1-2 alone       ${about(of.cheapSteps)}`,
    ...(of.best === undefined ? [] : [`  with the cosine       ${about(of.best)}`]),
    `  on topics held out    ${about(of.heldOut)}`,
  ]);
  return [
    ...[
      `${model}, ${pairs} turn pairs`,
      '',
      line('called stale of', 'pairs', 'steps 1-2', 'with cosine'),
      ...table,
      '',
    ],
    ...[...sums, 'all'],
    ...[`  steps 1-2 alone       ${about(cheapSteps)}`, `  with the cosines      ${about(overall)}`, ''],
    adviceOf(model, scripts),
  ];
}

function adviceOf(model: string, all: CalibrationReport['scripts']): string {
  const set = all.flatMap(({ script, best }) => (best === undefined ? [] : [`${script}=${best.cosine}`]));
  return set.length === 0
    ? `${model} does not tell these pairs apart, or finds nothing that the steps before it do not: leave it out (PARLEY_EMBED_MODEL=none).`
    : `PARLEY_REDUNDANCY_COSINE=${set.join(',')}`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const about = ({ precision, recall }: Accuracy): string =>
  `precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} of repetitions and paraphrases`;
