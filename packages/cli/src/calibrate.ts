import type { ModelClient } from '@parley/model';
import {
  type Accuracy,
  accuracyOf,
  type Calibration,
  calibrate,
  heldOutAccuracy,
  type MeasuredPair,
} from '@parley/moderator/domain/calibration.ts';
import { highestCosine } from '@parley/moderator/domain/cosine.ts';
import { measureNovelty } from '@parley/moderator/domain/novelty.ts';
import { sketch } from '@parley/moderator/domain/sketch.ts';
import type { TurnPair } from './turn-pairs.ts';

/** Texts in one request; a server on a CPU embeds them within seconds. */
const batchSize = 16;
const batchBudgetMs = 120_000;

export type Measured = TurnPair & MeasuredPair;

export interface CalibrationReport {
  readonly model: string;
  readonly pairs: number;
  /** Undefined when no threshold is precise enough. */
  readonly best: Calibration | undefined;
  /** With thresholds from the other topics: what to expect of topics nobody has labelled. */
  readonly heldOut: Accuracy;
  readonly cheapSteps: Accuracy;
  readonly rows: readonly CalibrationRow[];
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

/** The threshold for these pairs, and how well they are told apart with it. */
export function reportOf(model: string, measured: readonly Measured[]): CalibrationReport {
  const best = calibrate(measured);
  const groups = new Map<string, Measured[]>();
  for (const pair of measured) {
    const key = `${pair.language} ${pair.label}${pair.kind === undefined ? '' : `, ${pair.kind}`}`;
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  const rows = [...groups].map(([key, of]): CalibrationRow => {
    const [{ language, label }] = of as [Measured];
    return {
      language,
      what: key.slice(language.length + 1),
      pairs: of.length,
      cheapSteps: accuracyOf(of).caught[label],
      withCosine: accuracyOf(of, best?.cosine).caught[label],
    };
  });
  const shared = { model, pairs: measured.length, best, heldOut: heldOutAccuracy(measured), rows };
  return { ...shared, cheapSteps: accuracyOf(measured) };
}
