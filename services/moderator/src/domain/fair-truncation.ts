import type { Side } from '@parley/contracts/debate';

export interface JudgedTurn {
  readonly side: Side;
  readonly round: number;
  readonly text: string;
}

/** Characters of a side that are shown however little the other side said. */
const leastRoom = 2_000;
/** Largest ratio of the room of a side to the length of the other: judges favour the longer answer. */
const longestRatio = 2;
/** A cut at a sentence may leave this share of the room empty; else the cut is where the room ends. */
const fullEnough = 0.5;

/** Half a character, which no model and no database takes. */
const halves = /\p{Cs}/gu;
/** Text up to the last end of a sentence, Latin or full-width, with the quotes or brackets that close it. */
const wholeSentences = /^[\s\S]*(?:[.!?…]["'”’)\]]*(?=\s|$)|[。！？][」』”）]*)/u;

/**
 * The turns as a judge may see them: both sides have the same room in total, at most half of `characters`, so that
 * length wins nothing. Within a side short turns leave what they do not need to longer ones; cuts are at sentences.
 * Verbosity bias of judges: Zheng et al. 2023, Judging LLM-as-a-Judge, §3.3.
 */
export function truncateFairly(turns: readonly JudgedTurn[], characters: number): JudgedTurn[] {
  const said = (side: Side): number[] => turns.filter((turn) => turn.side === side).map((turn) => turn.text.length);
  const [pro, con] = [said('pro'), said('con')];
  const comparable = Math.max(leastRoom, longestRatio * Math.min(sum(pro), sum(con)));
  const room = Math.min(Math.floor(characters / 2), comparable);
  const most: Readonly<Record<Side, number>> = { pro: longestTurn(pro, room), con: longestTurn(con, room) };
  return turns.map((turn) =>
    turn.text.length <= most[turn.side] ? turn : { ...turn, text: cut(turn.text, most[turn.side]) },
  );
}

/** The length at which to cut turns of these lengths so that together they fill the room ("water-filling"). */
function longestTurn(lengths: readonly number[], room: number): number {
  let left = room;
  let turns = lengths.length;
  for (const length of [...lengths].sort((a, b) => a - b)) {
    if (length * turns > left) return Math.max(0, Math.floor(left / turns));
    left -= length;
    turns -= 1;
  }
  return Number.POSITIVE_INFINITY;
}

function cut(text: string, characters: number): string {
  const start = text.slice(0, Math.max(0, characters - 2)).replace(halves, '');
  const sentences = wholeSentences.exec(start)?.[0] ?? '';
  return `${sentences.length >= start.length * fullEnough ? sentences : start} …`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
