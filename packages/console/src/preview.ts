import type { DebateStartedV1 } from '@parley/contracts/debate';
import type { DebateLog, Turn } from './debate-log.ts';

/** The round in which a debate would have stopped as redundant; `round` is undefined when it would not. */
export interface Preview {
  readonly round: number | undefined;
  readonly staleTurns: ReadonlySet<number>;
}

/** Stale rounds that stop a debate, as in the moderator: one side may have to repeat itself to answer a repetition. */
const staleRoundsToStop = 2;

/** Share of a turn that was said before, 0..1, by the steps that need no model. */
export function overlapOf({ novelty }: Pick<Turn, 'novelty'>): number {
  return novelty.step === 'hash' ? 1 : Math.max(novelty.containment, novelty.jaccard);
}

/**
 * What the figures in the log say about another threshold for overlap, at once and without asking a model. What a
 * cosine, claims or an opinion caught stays caught. The moderator's replay has the last word.
 */
export function previewStop(
  log: Pick<DebateLog, 'turns'>,
  setup: Pick<DebateStartedV1, 'minRounds'>,
  from: number,
): Preview {
  const byModel = new Set(['embedding', 'claims', 'opinion']);
  const stale = log.turns.filter((turn) => overlapOf(turn) >= from || byModel.has(turn.novelty.step));
  const staleTurns = new Set(stale.map(({ seq }) => seq));
  let inARow = 0;
  for (let round = 1; ; round++) {
    const spoken = log.turns.filter((turn) => turn.round === round);
    if (spoken.length < 2) return { round: undefined, staleTurns };
    inARow = spoken.every(({ seq }) => staleTurns.has(seq)) ? inARow + 1 : 0;
    if (inARow >= staleRoundsToStop && round >= setup.minRounds) return { round, staleTurns };
  }
}
