import type { Novelty } from '@parley/contracts/debate';
import type { Assessment } from './assessment.ts';
import { uncalibrated } from './cosine-threshold.ts';
import { containment, jaccard, type Sketch } from './sketch.ts';

/** Number of a side's own last turns that a turn is compared with. */
export const ownTurnsKept = 2;

/** Thresholds from which, or down to which, a turn counts as said before. */
export interface Thresholds {
  /** Share of its 3-grams, 0..1. */
  readonly containment: number;
  /** Share of meaning-carrying words, 0..1. Field reports name 0.6 for a side's own turns. */
  readonly jaccard: number;
  /** Cosine of embeddings, -1..1, instead of the one that the assessment names. */
  readonly cosine?: number;
  /** Highest share of new claims that is still none, 0..1. */
  readonly freshClaims: number;
}

export const staleFrom: Thresholds = { containment: 0.5, jaccard: 0.6, freshClaims: 0 };

/** Range in which the cheap steps cannot tell, and a model's opinion is worth its price. */
export const greyZone = { overlapFrom: 0.35, cosineBelow: 0.1 } as const;

/**
 * The redundancy ladder, cheap to expensive, each turn against its own side's last turns and the opponent's last one;
 * the first step that catches the turn decides, and later ones only add their figures:
 * (1) hash: the same words; (2) containment of word 3-grams (Broder 1997) and Jaccard of the words that carry meaning;
 * (3) cosine of embeddings (Reimers and Gurevych 2019, Sentence-BERT, §4) against the threshold calibrated for the model and the script;
 * (4) claims: new ones among those made, as a model counts them; (5) a model's opinion, in the grey zone only.
 * Steps 3 to 5 take part when the assessment has them. A ladder of this kind: S²-MAD, Zeng et al. 2025, §3.
 */
export function measureNovelty(
  said: Sketch,
  own: readonly Sketch[],
  opponent: Sketch | undefined,
  assessment?: Pick<Assessment, 'embedding' | 'claims' | 'opinion'>,
  thresholds: Partial<Thresholds> = {},
): Novelty {
  const limits = { ...staleFrom, ...thresholds };
  const lexical = closest(said, own, opponent, limits);
  if (assessment === undefined) return lexical;
  const { embedding, claims, opinion } = assessment;
  const seen: Novelty = {
    ...lexical,
    ...(embedding === undefined ? {} : cosineOf(embedding, limits)),
    ...(claims === undefined ? {} : { claims: { total: claims.total, fresh: claims.fresh } }),
    ...(opinion === undefined ? {} : { opinion: { isNew: opinion.isNew } }),
  };
  if (seen.isStale) return seen;
  const { cosine = 0, cosineThreshold, cosineAgainst = 'nothing' } = seen;
  if (cosineThreshold !== undefined && cosineAgainst !== 'nothing' && cosine >= cosineThreshold) {
    return { ...seen, isStale: true, step: 'embedding', score: round(1 - cosine), against: cosineAgainst };
  }
  if (claims !== undefined && hasNoFreshClaim(claims, opinion, limits.freshClaims)) {
    return { ...seen, isStale: true, step: 'claims', score: round(claims.fresh / claims.total) };
  }
  if (opinion?.isNew === false && isGrey(seen, thresholds)) {
    return { ...seen, isStale: true, step: 'opinion', score: round(1 - Math.max(1 - seen.score, cosine)) };
  }
  return seen;
}

/**
 * Step 4. A turn without claims is not stale by it; nor is one that the same model calls new: a model that counts no new
 * claim and says so contradicts itself, as small ones do.
 */
export function hasNoFreshClaim(
  { total, fresh }: NonNullable<Assessment['claims']>,
  opinion: { readonly isNew: boolean } | undefined,
  mostFresh = staleFrom.freshClaims,
): boolean {
  return total > 0 && fresh / total <= mostFresh && opinion?.isNew !== true;
}

/**
 * Whether the measures leave open if the turn was said before: a cosine less than `greyZone.cosineBelow` under its
 * threshold, or, without embeddings, an overlap of `greyZone.overlapFrom` or more. What is stale is not grey.
 */
export function isGrey(novelty: Novelty, thresholds: Partial<Thresholds> = {}): boolean {
  if (novelty.isStale) return false;
  const { cosine, cosineThreshold } = novelty;
  if (cosine !== undefined) {
    const from = thresholds.cosine ?? cosineThreshold;
    return from !== undefined && cosine >= from - greyZone.cosineBelow;
  }
  return Math.max(novelty.containment, novelty.jaccard) >= greyZone.overlapFrom;
}

function cosineOf(embedding: NonNullable<Assessment['embedding']>, limits: Thresholds): Partial<Novelty> {
  const { own, opponent } = embedding;
  // Exactly 0 is how an assessment says that there was no earlier turn.
  const cosineAgainst = own === 0 && opponent === 0 ? 'nothing' : own >= opponent ? 'own' : 'opponent';
  const cosineThreshold = limits.cosine ?? embedding.staleFrom ?? uncalibrated;
  return { cosine: Math.max(own, opponent), cosineAgainst, cosineThreshold };
}

function closest(said: Sketch, own: readonly Sketch[], opponent: Sketch | undefined, limits: Thresholds): Novelty {
  const earlier = [
    ...own.map((sketch) => ({ sketch, against: 'own' as const })),
    ...(opponent === undefined ? [] : [{ sketch: opponent, against: 'opponent' as const }]),
  ];
  let found: Novelty = { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' };
  for (const { sketch, against } of earlier) {
    const one = compare(said, sketch, against, limits);
    if (one.score < found.score) found = one;
  }
  return found;
}

function compare(said: Sketch, before: Sketch, against: 'own' | 'opponent', limits: Thresholds): Novelty {
  const isSame = said.hash === before.hash;
  const contained = round(containment(before, said));
  const shared = round(jaccard(before, said));
  const step = isSame
    ? 'hash'
    : contained >= limits.containment
      ? 'containment'
      : shared >= limits.jaccard
        ? 'jaccard'
        : 'none';
  const score = isSame ? 0 : round(1 - Math.max(contained, shared));
  return { score, isStale: step !== 'none', step, containment: contained, jaccard: shared, against };
}

/** Three decimals are what people read and what a log should carry. */
function round(share: number): number {
  return Math.max(0, Math.min(1, Math.round(share * 1000) / 1000));
}
