import type { ModelClient } from '@parley/model';
import { type Accuracy, accuracyOf, leastPrecision } from '@parley/moderator/domain/calibration.ts';
import { hasNoFreshClaim } from '@parley/moderator/domain/novelty.ts';
import { examine } from '@parley/moderator/out/assess.ts';
import type { TurnPair } from './turn-pairs.ts';

/** Call settings as the moderator has them, with more time: nobody waits for an answer here. */
const asking = { contextTokens: 4_096, maxTokens: 700, budgetMs: 180_000, isBackground: true } as const;

/** Least share of pairs with an answer of the right shape that a model is of use with. */
const leastAnswered = 0.9;

/** What a model's answers about a pair say by steps 4 and 5 of the ladder; undefined where it gave none that can be used. */
export type ExaminedPair = TurnPair & { readonly stale?: Readonly<Record<ModelStep, boolean>> };

export const modelSteps = ['claims', 'opinion'] as const;
export type ModelStep = (typeof modelSteps)[number];

export interface ExaminationReport {
  readonly model: string;
  readonly pairs: number;
  /** Pairs with an answer of the right shape. */
  readonly answered: number;
  /** Accuracy of each step on the answered pairs by itself, without the steps before it. */
  readonly steps: Readonly<Record<ModelStep, Accuracy & { readonly isUsable: boolean }>>;
  /** Precision of a step that calls every turn stale: the share of repetitions and paraphrases. */
  readonly precisionOfAlways: number;
}

/**
 * Picks `wanted` pairs from all over the corpus, whose labels come in turn: places by multiples of the golden ratio
 * keep to no period. Source: Weyl 1916, equidistribution of n·α modulo 1.
 */
export function spread(pairs: readonly TurnPair[], wanted: number): TurnPair[] {
  const goldenRatio = (1 + Math.sqrt(5)) / 2;
  const place = (at: number): number => (at * goldenRatio) % 1;
  return pairs
    .map((pair, at) => ({ pair, place: place(at) }))
    .toSorted((a, b) => a.place - b.place)
    .slice(0, wanted)
    .map(({ pair }) => pair);
}

/** Asks a model about each pair, one after the other. A pair without a usable answer is one. */
export async function examinePairs(
  client: ModelClient,
  model: string,
  pairs: readonly TurnPair[],
  onExamined: (done: number) => void = () => undefined,
): Promise<ExaminedPair[]> {
  const call = { stream: 'calibrate', signal: new AbortController().signal };
  const found: ExaminedPair[] = [];
  for (const pair of pairs) {
    const earlier = { own: [pair.earlier], opponent: undefined };
    const deps = { ...asking, model: client, models: [model] };
    const { part } = await examine(deps, call, pair.topic.replaceAll('-', ' '), pair.later, 'pro', earlier, modelSteps);
    const { claims, opinion } = part;
    const stale = claims && opinion && { claims: hasNoFreshClaim(claims, opinion), opinion: !opinion.isNew };
    found.push(stale === undefined ? pair : { ...pair, stale });
    onExamined(found.length);
  }
  return found;
}

export function examinationReport(model: string, examined: readonly ExaminedPair[]): ExaminationReport {
  const answered = examined.filter(({ stale }) => stale !== undefined);
  const isRepeated = ({ label }: TurnPair): boolean => label === 'paraphrase' || label === 'repetition';
  const of = (step: ModelStep) => {
    const accuracy = accuracyOf(answered.map((pair) => ({ ...pair, isCaught: pair.stale?.[step] === true })));
    const isUsable =
      answered.length >= leastAnswered * examined.length &&
      accuracy.precision >= leastPrecision.heldOut &&
      accuracy.recall > 0;
    return { ...accuracy, isUsable };
  };
  return {
    model,
    pairs: examined.length,
    answered: answered.length,
    steps: { claims: of('claims'), opinion: of('opinion') },
    precisionOfAlways: answered.length === 0 ? 0 : answered.filter(isRepeated).length / answered.length,
  };
}
