import { ParleyError } from '@parley/contracts';
import { createModelClient, discoverModel } from '@parley/model';
import type { Accuracy } from '@parley/moderator/domain/calibration.ts';
import { modelEnv, readEnv } from '@parley/runtime';
import { type CalibrationReport, measureByMeaning, reportOf } from './calibrate.ts';
import type { Call } from './command-line/command.ts';
import { exitCodes } from './command-line/exit-code.ts';
import { readTurnPairs, turnPairsFile } from './turn-pairs.ts';

export interface CalibrateFlags {
  readonly model?: string;
  readonly corpus?: string;
}

/** `parley calibrate`: the cosine from which a model's turns count as said before. */
export async function calibrateCommand(call: Pick<Call<CalibrateFlags>, 'flags' | 'env' | 'print' | 'terminal'>) {
  const { flags, env: environment, print, terminal } = call;
  const env = readEnv(modelEnv, environment);
  const { models, embedModel } = await discoverModel({ env, embedModel: flags.model ?? env.PARLEY_EMBED_MODEL });
  if (embedModel === undefined) {
    const message = 'There is no embedding model. Name one with --model or PARLEY_EMBED_MODEL, such as all-minilm.';
    throw new ParleyError('CONFIG_INVALID', message);
  }
  const pairs = await readTurnPairs(flags.corpus ?? turnPairsFile);
  const client = createModelClient({ models });
  terminal.status(`Embedding ${pairs.length} turn pairs with ${embedModel} …`);
  const measured = await measureByMeaning(client, embedModel, pairs, new AbortController().signal);
  terminal.status(undefined);
  const report = reportOf(embedModel, measured);
  print(report, () => linesOf(report).join('\n'));
  return report.best === undefined ? exitCodes.failed.code : exitCodes.ok.code;
}

function linesOf({ model, pairs, best, heldOut, cheapSteps, rows }: CalibrationReport): string[] {
  const line = (...[what, n, cheap, all]: [string, string, string, string]) =>
    `  ${what.padEnd(24)}${n.padStart(5)}${cheap.padStart(12)}${all.padStart(14)}`;
  const head = line('called stale of', 'pairs', 'steps 1-2', best ? `and ${best.cosine}` : 'no cosine');
  const table = rows.map((row) =>
    line(`${row.language} ${row.what}`, String(row.pairs), percent(row.cheapSteps), percent(row.withCosine)),
  );
  const sums = [
    `steps 1-2 alone       ${about(cheapSteps)}`,
    ...(best === undefined ? [] : [`with the cosine       ${about(best)}`]),
    `on topics held out    ${about(heldOut)}`,
  ];
  const advice =
    best === undefined
      ? `No cosine tells these pairs apart with the precision that is needed: leave ${model} out (PARLEY_EMBED_MODEL=none).`
      : best.recall <= cheapSteps.recall
        ? `${model} finds nothing that the steps before it do not: leave it out (PARLEY_EMBED_MODEL=none).`
        : `PARLEY_REDUNDANCY_COSINE=${best.cosine}`;
  return [`${model}, ${pairs} turn pairs`, '', head, ...table, '', ...sums, '', advice];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const about = ({ precision, recall }: Accuracy): string =>
  `precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} of repetitions and paraphrases`;
