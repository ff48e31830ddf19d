import type { Side } from '@parley/contracts/debate';
import { containment, type Sketch, sketch } from './sketch.ts';
import { otherPosition, surrender } from './stance-words.ts';

/** Share of the opponent's last turn from which a turn speaks with the opponent's words. */
const opponentsWordsFrom = 0.6;

/** A turn that changes sides says so where it begins; later on agreement is mostly a step of a rebuttal. */
const openingCharacters = 240;

interface Before {
  /** The side's own last turns. */
  readonly own: readonly Sketch[];
  /** The opponent's last one. */
  readonly opponent: Sketch | undefined;
}

/**
 * Whether a turn may argue for the other side and should be looked at: it opens with a surrender, names the other
 * position as its own, or is largely the opponent's last turn and not its own. Cheap, and made to be wrong rather by
 * suspecting too much: a suspicion costs one model call.
 */
export function maySwitchSides(text: string, side: Side, before: Before): boolean {
  const said = sketch(text);
  const speaksLike = (turn: Sketch): boolean => said.shingles !== '' && containment(turn, said) >= opponentsWordsFrom;
  if (before.opponent !== undefined && speaksLike(before.opponent) && !before.own.some(speaksLike)) return true;
  const opening = text.slice(0, openingCharacters).toLowerCase();
  return otherPosition[side].some((words) => words.test(opening)) || surrender.some((words) => words.test(opening));
}
