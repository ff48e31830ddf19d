export const pairLabels = ['new', 'paraphrase', 'repetition', 'concession', 'off_topic'] as const;
export type PairLabel = (typeof pairLabels)[number];

/** A labelled pair of turns, measured: what the cheap steps said about the later one, and its cosine with the earlier. */
export interface MeasuredPair {
  /** Pairs of one topic share words, so they are held out together. */
  readonly topic: string;
  readonly label: PairLabel;
  /** Steps 1 and 2 call it stale. */
  readonly isCaught: boolean;
  /** -1..1; undefined without embeddings. */
  readonly cosine?: number;
}

/** Quality with which pairs were told apart. Shares are 0..1; precision is 1 when nothing was caught. */
export interface Accuracy {
  readonly precision: number;
  readonly recall: number;
  /** Harmonic mean of both. Source: van Rijsbergen 1979, Information Retrieval, chapter 7. */
  readonly f1: number;
  /** Share of each label's pairs that was caught. */
  readonly caught: Readonly<Record<PairLabel, number>>;
}

export interface Calibration extends Accuracy {
  readonly cosine: number;
}

/**
 * Least precision of a threshold on the pairs that it was made with, and on topics that it was not made with: an argument
 * that is wrongly called stale may end a debate. The first is higher, because a fit flatters itself.
 */
export const leastPrecision = { fitted: 0.95, heldOut: 0.9 } as const;

const isRepeated = (label: PairLabel): boolean => label === 'paraphrase' || label === 'repetition';

/** Steps 1 and 2 by themselves, or with the cosine from `threshold` on as step 3. */
export function accuracyOf(pairs: readonly MeasuredPair[], threshold = Number.POSITIVE_INFINITY): Accuracy {
  const isStale = ({ isCaught, cosine }: MeasuredPair) => isCaught || (cosine !== undefined && cosine >= threshold);
  const stale = pairs.filter(isStale);
  const hits = stale.filter(({ label }) => isRepeated(label)).length;
  const all = pairs.filter(({ label }) => isRepeated(label)).length;
  const precision = stale.length === 0 ? 1 : hits / stale.length;
  const recall = all === 0 ? 0 : hits / all;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  const shareOf = (label: PairLabel) => {
    const of = pairs.filter((pair) => pair.label === label);
    return of.length === 0 ? 0 : of.filter(isStale).length / of.length;
  };
  const caught = Object.fromEntries(pairLabels.map((label) => [label, shareOf(label)])) as Record<PairLabel, number>;
  return { precision, recall, f1, caught };
}

/**
 * The threshold, to two decimals, with the best F1 among those of at least `leastPrecision.fitted`; of equals the highest,
 * which stops fewer debates. Undefined when no threshold is that precise: the model cannot tell these pairs apart.
 */
export function calibrate(pairs: readonly MeasuredPair[]): Calibration | undefined {
  let best: Calibration | undefined;
  for (let hundredths = 100; hundredths >= 0; hundredths -= 1) {
    const cosine = hundredths / 100;
    const accuracy = accuracyOf(pairs, cosine);
    if (accuracy.precision < leastPrecision.fitted) continue;
    if (best === undefined || accuracy.f1 > best.f1) best = { cosine, ...accuracy };
  }
  return best;
}

/**
 * What a threshold is worth for topics it was not made with: each topic's pairs are told apart by the threshold that
 * all others give. Source: leave-one-group-out cross-validation, Stone 1974.
 */
export function heldOutAccuracy(pairs: readonly MeasuredPair[]): Accuracy {
  const topics = [...new Set(pairs.map(({ topic }) => topic))];
  const decided = topics.flatMap((topic) => {
    const threshold = calibrate(pairs.filter((pair) => pair.topic !== topic))?.cosine ?? Number.POSITIVE_INFINITY;
    return pairs
      .filter((pair) => pair.topic === topic)
      .map(({ cosine, isCaught, ...pair }) => ({
        ...pair,
        isCaught: isCaught || (cosine !== undefined && cosine >= threshold),
      }));
  });
  return accuracyOf(decided);
}

/**
 * The threshold, if it is worth having: precise on topics that it was not made with, too, and finding what steps 1 and
 * 2 do not. Undefined says that the model cannot tell these pairs apart.
 */
export function trusted(pairs: readonly MeasuredPair[]): Calibration | undefined {
  const best = calibrate(pairs);
  if (best === undefined || best.recall <= accuracyOf(pairs).recall) return undefined;
  return heldOutAccuracy(pairs).precision < leastPrecision.heldOut ? undefined : best;
}
