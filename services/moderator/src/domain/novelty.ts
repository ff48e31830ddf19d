import type { Novelty } from '@parley/contracts';
import type { Assessment } from './assessment.ts';
import { containment, jaccard, type Sketch } from './sketch.ts';

/** How far back a side's own words count. */
export const ownTurnsKept = 2;

/** From here on a turn counts as said before. Field reports name 0.6 for Jaccard of a side's own turns. */
export const staleFrom = { containment: 0.5, jaccard: 0.6 } as const;

export type NoveltyThresholds = { readonly containment: number; readonly jaccard: number };

/**
 * The cheap steps of the redundancy ladder, each turn against its own side's last turns and the opponent's last one:
 * (1) the same words, (2) the same 3-grams, (3) the same meaning-carrying words.
 */
export function measureNovelty(
  said: Sketch,
  own: readonly Sketch[],
  opponent: Sketch | undefined,
  _assessment?: Assessment,
  thresholds: NoveltyThresholds = staleFrom,
): Novelty {
  const earlier = [
    ...own.map((sketch) => ({ sketch, against: 'own' as const })),
    ...(opponent === undefined ? [] : [{ sketch: opponent, against: 'opponent' as const }]),
  ];
  let closest: Novelty = { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' };
  for (const { sketch, against } of earlier) {
    const found = compare(said, sketch, against, thresholds);
    if (found.score < closest.score) closest = found;
  }
  return closest;
}

function compare(said: Sketch, before: Sketch, against: 'own' | 'opponent', thresholds: NoveltyThresholds): Novelty {
  const isSame = said.hash === before.hash;
  const contained = round(containment(before, said));
  const shared = round(jaccard(before, said));
  const step = isSame
    ? 'hash'
    : contained >= thresholds.containment
      ? 'containment'
      : shared >= thresholds.jaccard
        ? 'jaccard'
        : 'none';
  const score = isSame ? 0 : round(1 - Math.max(contained, shared));
  return { score, isStale: step !== 'none', step, containment: contained, jaccard: shared, against };
}

/** Three decimals are what people read and what a log should carry. */
function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
