import { otherSide, type Side } from '@parley/contracts/debate';
import type { ChatRequest } from '../model.ts';

export interface RehearsedScores {
  readonly argument: number;
  readonly evidence: number;
  readonly rebuttal: number;
  readonly clarity: number;
}
export interface RehearsedVerdict {
  readonly winner: 'X' | 'Y' | 'contested';
  readonly scores: { readonly X: RehearsedScores; readonly Y: RehearsedScores };
  readonly reason: string;
}

/** Points, of 40, between two sides that are held to be equal. */
const contestedWithin = 1;

/**
 * A verdict from counts: argument is lexical variety, evidence the share of figures and words such as "study",
 * rebuttal the share of the opponent's words taken up, clarity the length of sentences. The order of the sides in the
 * prompt makes no difference.
 */
export function judge(request: ChatRequest): RehearsedVerdict {
  const x = sideOfX(request);
  const y = otherSide[x];
  const [words, others] = [textOf(request, x), textOf(request, y)];
  const scores = { X: scoresOf(words, others), Y: scoresOf(others, words) };
  const lead = totalOf(scores.X) - totalOf(scores.Y);
  const winner = Math.abs(lead) <= contestedWithin ? 'contested' : lead > 0 ? 'X' : 'Y';
  const reason =
    winner === 'contested'
      ? `Both sides come out within ${contestedWithin} point of each other (${totalOf(scores.X)} and ${totalOf(scores.Y)} of 40).`
      : `Side ${winner} uses the richer vocabulary and takes up more of what was said (${totalOf(scores.X)} for X, ${totalOf(scores.Y)} for Y, of 40).`;
  return { winner, scores, reason: `${reason} This is a rehearsal: counted, not understood.` };
}

/** Said by the caller, else read from the prompt, else the side that speaks first. */
function sideOfX({ purpose, messages }: ChatRequest): Side {
  if (purpose.labels !== undefined) return purpose.labels.X;
  const prompt = messages.map(({ content }) => content).join('\n');
  for (const { side, text } of purpose.transcript ?? []) {
    const at = prompt.indexOf(text.slice(0, 48));
    const label = at < 0 ? undefined : [...prompt.slice(0, at).matchAll(/\b[XY]\b/g)].at(-1)?.[0];
    if (label !== undefined) return (label === 'X') === (side === 'pro') ? 'pro' : 'con';
  }
  return purpose.transcript?.[0]?.side ?? 'pro';
}

function textOf({ purpose }: ChatRequest, side: Side): string {
  return (purpose.transcript ?? [])
    .filter((turn) => turn.side === side)
    .map(({ text }) => text)
    .join(' ')
    .toLowerCase();
}

function scoresOf(text: string, opponent: string): RehearsedScores {
  const words = wordsOf(text);
  const distinct = new Set(words);
  const heard = new Set(wordsOf(opponent).filter((word) => word.length > 4));
  const taken = [...distinct].filter((word) => heard.has(word)).length;
  const facts = text.match(/\d+|stud(?:y|ies)|survey|record|data|measured|研究|数据|调查/g)?.length ?? 0;
  const sentences = text.split(/[.!?。！？]+/).filter((sentence) => sentence.trim() !== '').length;
  const perSentence = words.length / Math.max(sentences, 1);
  return {
    argument: points(distinct.size / Math.max(words.length, 1), 0.3, 0.9),
    evidence: points(facts / Math.max(sentences, 1), 0, 1),
    rebuttal: points(taken / Math.max(heard.size, 1), 0, 0.5),
    clarity: points(40 - Math.abs(perSentence - 18), 10, 40),
  };
}

/** Words; single characters in a script without spaces. */
function wordsOf(text: string): string[] {
  return text.match(/\p{Script=Han}|[\p{L}\p{N}'-]+/gu) ?? [];
}

/** 1..10, linear between `from` and `to`. */
function points(value: number, from: number, to: number): number {
  return Math.min(10, Math.max(1, Math.round(1 + (9 * (value - from)) / (to - from))));
}

function totalOf(scores: RehearsedScores): number {
  return scores.argument + scores.evidence + scores.rebuttal + scores.clarity;
}
