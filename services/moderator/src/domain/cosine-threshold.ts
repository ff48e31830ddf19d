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

/** Measured on packages/e2e/corpus/turn-pairs.jsonl; docs/redundancy.md has the figures by label and language. */
export const calibratedModels: readonly CalibratedModel[] = [
  {
    // all-MiniLM-L6-v2, 384 dimensions. It was made for English.
    name: /^(parley-embed|all-minilm(:22m|:l6-v2)?)$/,
    cosine: 0.81,
    precision: 0.945,
    recall: 0.683,
    pairs: 252,
    languages: ['en', 'zh'],
  },
  {
    // Universal Sentence Encoder Multilingual v3, 512 dimensions, Yang et al. 2020.
    name: /^(use-multilingual|universal-sentence-encoder-multilingual)/,
    cosine: 0.57,
    precision: 0.912,
    recall: 0.905,
    pairs: 252,
    languages: ['en', 'zh'],
  },
  {
    // Hashed n-grams: what spelling alone gives.
    name: /^rehearsal:embed$/,
    cosine: 0.53,
    precision: 0.94,
    recall: 0.619,
    pairs: 252,
    languages: ['en', 'zh'],
  },
];

/**
 * For models nobody has measured. Field reports name 0.85, but some families put any two texts on one topic above that
 * (E5: Wang et al. 2022, trained at a temperature of 0.01), and an argument wrongly called stale may end a debate.
 */
const uncalibrated = 0.95;

/** The cosine from which turns count as said before, by this model's vectors. Names with provider or tag are known too. */
export function cosineFrom(model: string): number {
  const bare = model.replace(/^(ollama|openai)\//, '').replace(/:latest$/, '');
  return calibratedModels.find(({ name }) => name.test(bare))?.cosine ?? uncalibrated;
}
