import type { ModelClient } from '@parley/model';
import {
  type Accuracy,
  accuracyOf,
  type Calibration,
  heldOutAccuracy,
  type MeasuredPair,
  trusted,
} from '@parley/moderator/domain/calibration.ts';
import { highestCosine } from '@parley/moderator/domain/cosine.ts';
import { measureNovelty } from '@parley/moderator/domain/novelty.ts';
import { type Script, scriptOf, scripts } from '@parley/moderator/domain/script.ts';
import { sketch } from '@parley/moderator/domain/sketch.ts';
import type { TurnPair } from './turn-pairs.ts';

/** Texts in one request; a server on a CPU embeds them within seconds. */
const batchSize = 16;
const batchBudgetMs = 120_000;

export type Measured = TurnPair & MeasuredPair;

export interface CalibrationReport {
  readonly model: string;
  readonly pairs: number;
  readonly scripts: readonly ScriptReport[];
  /** Accuracy over all pairs, each with the threshold of its script; a script without one by the cheap steps alone. */
  readonly overall: Accuracy;
  readonly cheapSteps: Accuracy;
  readonly rows: readonly CalibrationRow[];
}

/** The pairs whose later turn is written in one script. */
export interface ScriptReport {
  readonly script: Script;
  readonly pairs: number;
  /** Undefined where the model cannot tell them apart: the step is better left out for this script. */
  readonly best: Calibration | undefined;
  /** Accuracy with thresholds from the other topics: what to expect of topics nobody has labelled. */
  readonly heldOut: Accuracy;
  readonly cheapSteps: Accuracy;
}

/** Shares of one group of pairs that were called stale, 0..1. */
export interface CalibrationRow {
  readonly language: TurnPair['language'];
  readonly what: string;
  readonly pairs: number;
  readonly cheapSteps: number;
  readonly withCosine: number;
}

/** Steps 1 and 2 over labelled pairs. */
export function measureCheaply(pairs: readonly TurnPair[]): Measured[] {
  return pairs.map((pair) => ({
    ...pair,
    isCaught: measureNovelty(sketch(pair.later), [sketch(pair.earlier)], undefined).isStale,
  }));
}

/** Steps 1 to 3 over labelled pairs. Rejects like `ModelClient.embed`. */
export async function measureByMeaning(
  client: ModelClient,
  model: string,
  pairs: readonly TurnPair[],
  signal: AbortSignal,
): Promise<Measured[]> {
  const texts = [...new Set(pairs.flatMap(({ earlier, later }) => [earlier, later]))];
  const vectors = new Map<string, readonly number[]>();
  for (let at = 0; at < texts.length; at += batchSize) {
    const inputs = texts.slice(at, at + batchSize);
    const found = await client.embed({ model, inputs, budgetMs: batchBudgetMs, fairKey: 'calibrate', signal });
    for (const [i, text] of inputs.entries()) vectors.set(text, found.vectors[i] ?? []);
  }
  return measureCheaply(pairs).map((pair) => ({
    ...pair,
    cosine: highestCosine(vectors.get(pair.later) ?? [], [vectors.get(pair.earlier) ?? []]),
  }));
}

/** The pairs as told apart by the thresholds of their scripts; without one for its script a pair has no cosine. */
export function byThresholds(measured: readonly Measured[], of: (script: Script) => number | undefined): Measured[] {
  return measured.map(({ cosine, isCaught, ...pair }) => ({
    ...pair,
    isCaught: isCaught || (cosine !== undefined && cosine >= (of(scriptOf(pair.later)) ?? Number.POSITIVE_INFINITY)),
  }));
}

/** The thresholds for these pairs, by script, and how well they are told apart with them. */
export function reportOf(model: string, measured: readonly Measured[]): CalibrationReport {
  const found = scripts
    .map((script) => ({ script, of: measured.filter(({ later }) => scriptOf(later) === script) }))
    .filter(({ of }) => of.length > 0)
    .map(
      ({ script, of }): ScriptReport => ({
        script,
        pairs: of.length,
        best: trusted(of),
        heldOut: heldOutAccuracy(of),
        cheapSteps: accuracyOf(of),
      }),
    );
  const decided = byThresholds(measured, (wanted) => found.find(({ script }) => script === wanted)?.best?.cosine);
  const groups = Map.groupBy(measured.entries(), ([, { language, label, kind }]) =>
    [language, kind === undefined ? label : `${label}, ${kind}`].join(' '),
  );
  const rows = [...groups].map(([key, of]): CalibrationRow => {
    const [[, { language, label }]] = of as [[number, Measured]];
    return {
      language,
      what: key.slice(language.length + 1),
      pairs: of.length,
      cheapSteps: accuracyOf(of.map(([, pair]) => pair)).caught[label],
      withCosine: accuracyOf(of.map(([at]) => decided[at] as Measured)).caught[label],
    };
  });
  const shared = { model, pairs: measured.length, scripts: found, rows };
  return { ...shared, overall: accuracyOf(decided), cheapSteps: accuracyOf(measured) };
}
