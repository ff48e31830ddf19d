import type { Script } from './script.ts';

/** Quality with which a model's cosines told the labelled turn pairs of one script apart, steps 1 to 3 together. */
export interface ScriptCalibration {
  /** Cosine from which a turn counts as said before. */
  readonly cosine: number;
  /** Precision for repetitions and paraphrases, 0..1. */
  readonly precision: number;
  readonly recall: number;
  /** Precision with the threshold that the other topics give. */
  readonly heldOutPrecision: number;
  /** Pairs measured. */
  readonly pairs: number;
}

/** What `parley calibrate` found. A script that is not there was not measured, or the model cannot tell its turns apart. */
export interface CalibratedModel {
  /** Matches the model's name without provider and tag. */
  readonly name: RegExp;
  readonly scripts: Readonly<Partial<Record<Script, ScriptCalibration>>>;
}

/** Measured on packages/cli/corpus/turn-pairs.jsonl (English and Chinese); docs/redundancy.md has the figures by label. */
export const calibratedModels: readonly CalibratedModel[] = [
  {
    // all-MiniLM-L6-v2, 384 dimensions. It was made for English.
    name: /^(parley-embed|all-minilm(:22m|:l6-v2)?)$/,
    scripts: {
      latin: { cosine: 0.81, precision: 0.964, recall: 0.654, heldOutPrecision: 0.964, pairs: 162 },
      cjk: { cosine: 0.84, precision: 0.969, recall: 0.689, heldOutPrecision: 0.939, pairs: 90 },
    },
  },
  {
    // Universal Sentence Encoder Multilingual v3, 512 dimensions, Yang et al. 2020.
    name: /^(use-multilingual|universal-sentence-encoder-multilingual)/,
    scripts: {
      latin: { cosine: 0.61, precision: 0.957, recall: 0.815, heldOutPrecision: 0.943, pairs: 162 },
      cjk: { cosine: 0.67, precision: 1, recall: 0.711, heldOutPrecision: 1, pairs: 90 },
    },
  },
  {
    // Multilingual E5 small, 384 dimensions, Wang et al. 2024. Any two texts are above 0.7.
    name: /^multilingual-e5-small/,
    scripts: {
      latin: { cosine: 0.9, precision: 0.955, recall: 0.79, heldOutPrecision: 0.955, pairs: 162 },
      cjk: { cosine: 0.95, precision: 1, recall: 0.689, heldOutPrecision: 1, pairs: 90 },
    },
  },
  {
    // Hashed n-grams: what spelling alone gives.
    name: /^rehearsal:embed$/,
    scripts: {
      latin: { cosine: 0.6, precision: 0.981, recall: 0.654, heldOutPrecision: 0.963, pairs: 162 },
      cjk: { cosine: 0.25, precision: 0.963, recall: 0.578, heldOutPrecision: 0.926, pairs: 90 },
    },
  },
];

/**
 * Threshold for unmeasured models, for any script. Field reports name 0.85, but some families put any two texts on
 * one topic above that (E5: Wang et al. 2022, trained at a temperature of 0.01), and an argument wrongly called stale
 * may end a debate.
 */
export const uncalibrated = 0.95;

/** What an operator sets instead of the calibrated thresholds. A script that is not named is not compared. */
export type CosineByScript = Readonly<Partial<Record<Script, number>>>;

/**
 * The cosine from which turns in this script count as said before, by this model's vectors; undefined when its vectors
 * say nothing about the script, so that the step is to be left out. Names with provider or tag are known too.
 */
export function cosineFrom(model: string, script: Script, configured?: CosineByScript): number | undefined {
  if (configured !== undefined) return configured[script];
  const bare = model.replace(/^(ollama|openai)\//, '').replace(/:latest$/, '');
  const known = calibratedModels.find(({ name }) => name.test(bare));
  return known === undefined ? uncalibrated : known.scripts[script]?.cosine;
}
