import type { Side } from '@parley/contracts';
import { containment, type Sketch, sketch } from './sketch.ts';

/** From this share of the opponent's last turn on, a turn speaks with the opponent's words. */
const opponentsWordsFrom = 0.6;

/** A turn that changes sides says so where it begins; later on agreement is mostly a step of a rebuttal. */
const openingCharacters = 240;

/**
 * Words with which a speaker gives its side up. An "I agree" alone is not among them: debaters grant a point to turn it.
 * Each is a clause of its own, in the first person, so that what the other side said is not taken for one.
 */
const surrender: readonly RegExp[] = [
  // English: "I now agree that we should not …", "we must admit that our opponents are right", "you have convinced me".
  /\b(?:i|we)\s+(?:(?:now|fully|completely|have to|must|do|can only)\s+)*(?:agree|concede|admit|accept)\s+(?:with (?:my|our|the) (?:opponent|other side)|that (?:we should(?:n['’]t| not)|(?:my|our|the) (?:opponent|other side)))/,
  /\byou(?:['’]ve| have)?\s+(?:fully |completely )?(?:convinced|persuaded|won over)\s+(?:me|us)\b/,
  /\b(?:i|we)\s+(?:was|were|have been)\s+wrong\b/,
  /\b(?:i|we)\s+(?:(?:now|hereby|will|must)\s+)*(?:switch|change|changed|switched|have changed)\s+(?:sides|my mind|our minds?|my position|our position)\b/,
  /\b(?:my|our)\s+opponents?\s+(?:is|are|was|were)\s+(?:absolutely |completely |entirely )?right\b/,
  // Chinese: I (now, fully) agree with the other side; you have persuaded me; I change my position; we were wrong.
  /我(?:方|们)?(?:现在|完全|也|必须|不得不)*(?:同意|赞同|认同|接受|承认)(?:对方|反方|正方|你们?的?(?:观点|立场|看法))/u,
  /(?:你们?|对方)(?:已经|成功|完全)*(?:说服|劝服)了?我/u,
  /我(?:方|们)?(?:现在|决定|愿意|要)*(?:改变|放弃|转变)了?(?:我们?的?|自己的?|原来的?)*(?:立场|观点|看法)/u,
  /我(?:方|们)?(?:之前|原来|的确|确实)*错了/u,
];

/** How a side names the position that is not its own. */
const otherPosition: Readonly<Record<Side, RegExp>> = {
  pro: /\b(?:i|we)\s+(?:(?:now|therefore|must|will|also|strongly|firmly)\s+)*(?:oppose|reject|argue against|speak against|are against|am against)\s+(?:the|this)\s+(?:motion|topic|proposal)\b|\bas team b\b|我(?:方|们)?(?:现在|坚决|也)*反对(?:该|这个|本|这一)?(?:辩题|议题|动议|命题)|作为反方/u,
  con: /\b(?:i|we)\s+(?:(?:now|therefore|must|will|also|strongly|firmly)\s+)*(?:support|endorse|argue for|speak for|are for|am for|are in favou?r of|am in favou?r of)\s+(?:the|this)\s+(?:motion|topic|proposal)\b|\bas team a\b|我(?:方|们)?(?:现在|坚决|也)*(?:支持|赞成)(?:该|这个|本|这一)?(?:辩题|议题|动议|命题)|作为正方/u,
};

interface Before {
  /** The side's own last turns. */
  readonly own: readonly Sketch[];
  /** The opponent's last one. */
  readonly opponent: Sketch | undefined;
}

/**
 * Whether a turn may argue for the other side and should be looked at: it opens with a surrender, names the other
 * position as its own, or is largely the opponent's last turn and not its own. English and Chinese; cheap, and made to be wrong rather
 * by suspecting too much: a suspicion costs one model call.
 */
export function maySwitchSides(text: string, side: Side, before: Before): boolean {
  const said = sketch(text);
  const speaksLike = (turn: Sketch): boolean => said.shingles !== '' && containment(turn, said) >= opponentsWordsFrom;
  if (before.opponent !== undefined && speaksLike(before.opponent) && !before.own.some(speaksLike)) return true;
  const opening = text.slice(0, openingCharacters).toLowerCase();
  return otherPosition[side].test(opening) || surrender.some((words) => words.test(opening));
}
