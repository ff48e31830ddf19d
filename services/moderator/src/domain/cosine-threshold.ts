/** A model's calibrated threshold, with how well it did on the labelled turn pairs (`parley calibrate`). */
export interface CalibratedModel {
  /** Matches the model's name without provider and tag. */
  readonly name: RegExp;
  /** Cosine from which a turn counts as said before. */
  readonly cosine: number;
  /** Of repetitions and paraphrases, steps 1 to 3 together. */
  readonly precision: number;
  readonly recall: number;
  /** Pairs measured, and their languages. */
  readonly pairs: number;
  readonly languages: readonly string[];
}

export const calibratedModels: readonly CalibratedModel[] = [];

/** For models nobody has measured: what field reports use, strict enough to stop no debate early. */
const uncalibrated = 0.85;

/** The cosine from which turns count as said before, by this model's vectors. Names with provider or tag are known too. */
export function cosineFrom(model: string): number {
  const bare = model.replace(/^(ollama|openai)\//, '').replace(/:latest$/, '');
  return calibratedModels.find(({ name }) => name.test(bare))?.cosine ?? uncalibrated;
}
