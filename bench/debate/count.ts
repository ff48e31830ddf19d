import type { Fact } from '@parley/contracts';
import type { ReplayView, Side, StopReason } from '@parley/contracts/debate';
import type { Motion } from './motions.ts';
import type { Planting } from './plan.ts';

type Language = Motion['language'];

/** A debate that ended, with what was planted in it and how replays of it came out. */
export interface Watched {
  readonly facts: readonly Fact[];
  readonly language: Language;
  plantedAt(side: Side, round: number): Planting | undefined;
  readonly dryFrom: number | undefined;
  /** All by the same rules, with the redundancy stop on. */
  readonly replays: readonly NonNullable<ReplayView['result']>[];
}

export const repetitions = ['verbatim', 'near', 'free'] as const satisfies readonly Planting[];
type Repetition = (typeof repetitions)[number];

export interface Turns {
  readonly recorded: number;
  /** Of planted repetitions, those called stale; the rest was missed. */
  readonly planted: Readonly<Record<Repetition, { readonly planted: number; readonly caught: number }>>;
  /** Turns that nobody planted, and planted originals: a stale one is a false alarm, unless the model repeats itself. */
  readonly others: Readonly<Record<Language, { readonly turns: number; readonly stale: number }>>;
  /** By which step of the ladder the planted ones were caught. */
  readonly steps: Readonly<Record<string, number>>;
  readonly flips: number;
  readonly concessions: number;
  /** Answers that were asked for once more because they argued for the other side. */
  readonly askedAgain: number;
}

export function countTurns(debates: readonly Watched[]): Turns {
  const planted = { verbatim: count(), near: count(), free: count() };
  const others = { en: { turns: 0, stale: 0 }, zh: { turns: 0, stale: 0 } };
  const steps: Record<string, number> = {};
  const sums = { recorded: 0, flips: 0, concessions: 0, askedAgain: 0 };
  for (const { facts, language, plantedAt } of debates) {
    for (const { type, data } of facts) {
      if (type === 'turn-rejected.v1') sums.askedAgain += 1;
      if (type !== 'turn-recorded.v1') continue;
      const { isStale, step } = data.novelty;
      sums.recorded += 1;
      sums.flips += data.flip ? 1 : 0;
      sums.concessions += data.concedes ? 1 : 0;
      const kind = plantedAt(data.side, data.round);
      if (kind === undefined || kind === 'original') {
        others[language].turns += 1;
        others[language].stale += isStale ? 1 : 0;
        continue;
      }
      planted[kind].planted += 1;
      if (!isStale) continue;
      planted[kind].caught += 1;
      steps[step] = (steps[step] ?? 0) + 1;
    }
  }
  return { ...sums, planted, others, steps };
}

const count = (): { planted: number; caught: number } => ({ planted: 0, caught: 0 });

export interface Stops {
  /** With the redundancy stop on, by replay. */
  readonly reasons: Readonly<Partial<Record<StopReason, number>>>;
  /** Debates in which both sides only repeat from a round on: when they were stopped, one round later being in time. */
  readonly dry: { readonly debates: number; readonly inTime: number; readonly late: number; readonly early: number };
  /** Debates that did not run dry, and those of them that were stopped as redundant. */
  readonly others: { readonly debates: number; readonly stopped: number };
  /** Share of the turns' tokens, 0..1, of each debate that stopped before its last round; in rising order. */
  readonly saved: readonly number[];
  /** The same of all debates together. */
  readonly savedOfAll: number;
}

export function countStops(debates: readonly Watched[]): Stops {
  const reasons: Partial<Record<StopReason, number>> = {};
  const dry = { debates: 0, inTime: 0, late: 0, early: 0 };
  const others = { debates: 0, stopped: 0 };
  const saved: number[] = [];
  const tokens = { all: 0, saved: 0 };
  for (const { dryFrom, replays } of debates) {
    const [first] = replays;
    if (first === undefined) continue;
    const { original, replay, tokensSaved } = first;
    if (replay.stopReason !== null) reasons[replay.stopReason] = (reasons[replay.stopReason] ?? 0) + 1;
    tokens.all += original.tokens;
    tokens.saved += tokensSaved;
    if (replay.rounds < original.rounds && original.tokens > 0) saved.push(tokensSaved / original.tokens);
    if (dryFrom === undefined) {
      others.debates += 1;
      others.stopped += replay.stopReason === 'redundant' ? 1 : 0;
      continue;
    }
    dry.debates += 1;
    if (replay.stopReason === 'redundant') {
      const place = replay.rounds === dryFrom + 1 ? 'inTime' : replay.rounds < dryFrom + 1 ? 'early' : 'late';
      dry[place] += 1;
    }
  }
  const savedOfAll = tokens.all === 0 ? 0 : tokens.saved / tokens.all;
  return { reasons, dry, others, saved: saved.toSorted((a, b) => a - b), savedOfAll };
}

export interface Judging {
  readonly replays: number;
  /** In which no judge gave an answer that could be used in both orders. */
  readonly withoutVerdict: number;
  /** Debates with every replay asked for and a verdict in each, and those of them whose outcomes are all equal. */
  readonly compared: number;
  readonly equal: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Replays with a judge that named the other side when the sides changed places. */
  readonly positionFlips: number;
}

/** @param judgements how many replays each debate was to have; one with fewer is not compared. */
export function countJudging(debates: readonly Watched[], judgements: number): Judging {
  const sums = { replays: 0, withoutVerdict: 0, compared: 0, equal: 0, positionFlips: 0 };
  const outcomes: Record<string, number> = {};
  for (const { replays } of debates) {
    const verdicts = replays.map(({ replay }) => replay.verdict?.outcome ?? 'unavailable');
    sums.replays += replays.length;
    sums.positionFlips += replays.filter(({ replay }) => replay.positionFlip).length;
    const given = verdicts.filter((outcome) => outcome !== 'unavailable');
    sums.withoutVerdict += verdicts.length - given.length;
    for (const outcome of given) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (given.length < judgements) continue;
    sums.compared += 1;
    sums.equal += new Set(given).size === 1 ? 1 : 0;
  }
  return { ...sums, outcomes };
}
