import { ParleyError } from '@parley/contracts';
import { createModelClient, defaultPolicy, discoverModel } from '@parley/model';
import type { Accuracy } from '@parley/moderator/domain/calibration.ts';
import { modelEnv, readEnv } from '@parley/runtime';
import type { z } from 'zod';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { type CalibrationReport, measureByMeaning, reportOf } from './calibrate.ts';
import { type ExaminationReport, examinationReport, examinePairs, modelSteps, spread } from './examine-pairs.ts';
import { readTurnPairs, type TurnPair, turnPairsFile } from './turn-pairs.ts';

export interface CalibrateFlags {
  readonly model?: string;
  readonly corpus?: string;
  readonly examine?: boolean;
  readonly pairs?: number;
}

type CalibrateCall = Pick<Call<CalibrateFlags>, 'flags' | 'env' | 'print' | 'terminal'>;

/**
 * `parley calibrate`: the cosine from which a model's turns count as said before, or with `examine` how well a chat model
 * tells turns apart. Resolves to the exit code: 1 when the model is of no use for it.
 */
export async function calibrateCommand(call: CalibrateCall): Promise<number> {
  const { flags, print, terminal } = call;
  const env = readEnv(modelEnv, call.env);
  const pairs = await readTurnPairs(flags.corpus ?? turnPairsFile);
  if (flags.examine === true) return examineCommand(call, env, spread(pairs, flags.pairs ?? pairs.length));
  const { models, embedModel } = await discoverModel({ env, embedModel: flags.model ?? env.PARLEY_EMBED_MODEL });
  if (embedModel === undefined) {
    const message = 'There is no embedding model. Name one with --model or PARLEY_EMBED_MODEL, such as all-minilm.';
    throw new ParleyError('CONFIG_INVALID', message);
  }
  const client = createModelClient({ models });
  terminal.status(`Embedding ${pairs.length} turn pairs with ${embedModel} …`);
  const measured = await measureByMeaning(client, embedModel, pairs, new AbortController().signal);
  terminal.status(undefined);
  const report = reportOf(embedModel, measured);
  print(report, () => linesOf(report).join('\n'));
  return codeOf(report.scripts.some(({ best }) => best !== undefined));
}

const codeOf = (isUsable: boolean): number => (isUsable ? exitCodes.ok.code : exitCodes.failed.code);

/** Servers on small machines answer one call at a time, and load a model for a while. */
const patient = { concurrency: { ...defaultPolicy.concurrency, ollama: 1 }, warmFirstTokenMs: 60_000 } as const;

async function examineCommand(
  { flags, print, terminal }: CalibrateCall,
  env: z.infer<typeof modelEnv>,
  pairs: readonly TurnPair[],
): Promise<number> {
  const { models, defaultModel } = await discoverModel({ env, model: flags.model ?? env.PARLEY_MODEL });
  const client = createModelClient({ models, options: patient });
  const examined = await examinePairs(client, defaultModel, pairs, (done) =>
    terminal.status(`Asking ${defaultModel}: ${done} of ${pairs.length} pairs …`),
  );
  terminal.status(undefined);
  const report = examinationReport(defaultModel, examined);
  print(report, () => examinationLines(report).join('\n'));
  return codeOf(modelSteps.every((step) => report.steps[step].isUsable));
}

function examinationLines({ model, pairs, answered, steps, precisionOfAlways }: ExaminationReport): string[] {
  return [
    `${model}: ${answered} of ${pairs} turn pairs with an answer of the right shape`,
    ...modelSteps.map(
      (step) => `  ${step.padEnd(10)}${about(steps[step])}: ${steps[step].isUsable ? 'usable' : 'not usable'}`,
    ),
    `  a step that calls every turn stale would have precision ${precisionOfAlways.toFixed(3)}, recall 1.000`,
  ];
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
