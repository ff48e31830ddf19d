import type { Side } from '@parley/contracts/debate';

/**
 * What a side says instead of what its model would: its last turn word for word, a paraphrase from the corpus, near
 * (with the same names and figures) or free, or the turn that is paraphrased next, which is itself new.
 */
export type Planting = 'verbatim' | 'near' | 'free' | 'original';

export interface Plan {
  /** From this round on both sides only repeat: the debate ought to stop at the end of the next. */
  readonly dryFrom: number | undefined;
  at(side: Side, round: number): Planting | undefined;
}

export interface PlanOptions {
  readonly rounds: number;
  /** Share of the turns from the second round on that repeat, 0..1, in a debate that does not run dry. */
  readonly share: number;
  /** The side that the corpus has an original and its paraphrases for. */
  readonly side: Side;
  readonly runsDry: boolean;
}

/** Which turns of a debate repeat and how. `random` draws 0 to below 1; the same draws make the same plan. */
export function planDebate({ rounds, share, side, runsDry }: PlanOptions, random: () => number): Plan {
  const places = new Map<string, Planting>();
  const last = Math.max(2, rounds - 1);
  const dryFrom = runsDry && rounds > 2 ? 2 + Math.floor(random() * (last - 1)) : undefined;
  for (const one of ['pro', 'con'] as const) {
    const repeats = (round: number): boolean => (dryFrom === undefined ? random() < share : round >= dryFrom);
    const repeated = Array.from({ length: Math.max(0, rounds - 1) }, (_, n) => n + 2).filter(repeats);
    for (const round of repeated) places.set(`${one}/${round}`, 'verbatim');
    const [first] = repeated;
    if (one !== side || first === undefined) continue;
    // Within two turns of the original: that is how far back the ladder looks.
    const paraphrases: readonly Planting[] = random() < 0.5 ? ['near', 'free'] : ['free', 'near'];
    places.set(`${one}/${first - 1}`, 'original');
    paraphrases.forEach((paraphrase, n) => {
      if (places.has(`${one}/${first + n}`)) places.set(`${one}/${first + n}`, paraphrase);
    });
  }
  return { dryFrom, at: (one, round) => places.get(`${one}/${round}`) };
}
