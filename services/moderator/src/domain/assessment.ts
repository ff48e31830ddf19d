import type { Instant, Usage } from '@parley/contracts';
import type { Checks, Side } from '@parley/contracts/debate';

/** What can be looked at in a turn beyond the cheap measures; each costs at least one model call. */
export const checks = ['embedding', 'claims', 'opinion', 'stance', 'topic'] as const;
export type Check = (typeof checks)[number];

/** Look at a turn before it is recorded. */
export interface AssessEffect {
  readonly type: 'assess';
  readonly data: {
    readonly round: number;
    readonly side: Side;
    readonly text: string;
    readonly checks: readonly Check[];
    /** Time at which the debate is out of time for an assessment. */
    readonly until?: Instant;
    /** The debate wants no model's opinion, even where the cosine leaves it open. */
    readonly isOpinionUnwanted?: true;
  };
}

/** What the assess effect answers with. A check that was asked for is answered in its field or named in `skipped`. */
export interface Assessment {
  /** Cosines, -1..1: the highest against the side's last two turns, and against the opponent's last; 0 without one. */
  readonly embedding?: {
    readonly model: string;
    readonly own: number;
    readonly opponent: number;
    /** The cosine from which the turn is stale: the model's for the script that the turn is written in. */
    readonly staleFrom?: number;
  };
  /** Claims of the turn, and how many of them nobody made before. */
  readonly claims?: { readonly total: number; readonly fresh: number };
  readonly opinion?: { readonly isNew: boolean; readonly reason: string };
  /** The side that the turn argues for, which may not be the side that said it. */
  readonly stance?: { readonly side: 'pro' | 'con' | 'neither'; readonly reason: string };
  readonly isOnTopic?: boolean;
  /** Tokens of all its model calls. */
  readonly usage: Usage;
  /** The same by model. */
  readonly spent?: readonly (Usage & { readonly model: string })[];
  readonly skipped: readonly { readonly check: Check; readonly reason: string }[];
}

/** What the cheap measures found out about a turn. */
export interface Suspicion {
  /** The cheap checks already found a repetition; the expensive ones could only agree. */
  readonly isStale: boolean;
  /** The turn may argue for the other side. */
  readonly maySwitchSides: boolean;
}

/** Checks that a turn needs, cheap to expensive; empty when it can be recorded at once. */
export function checksOf(asked: Checks, found: Suspicion): Check[] {
  const isWanted: Readonly<Record<Check, boolean>> = {
    embedding: asked.embedding === true && !found.isStale,
    claims: asked.claims === true && !found.isStale,
    opinion: asked.opinion === true && !found.isStale,
    stance: asked.stance !== false && found.maySwitchSides,
    topic: asked.topic === true,
  };
  return checks.filter((check) => isWanted[check]);
}
