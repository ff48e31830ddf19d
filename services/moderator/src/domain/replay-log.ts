// A finished debate's log read again by other rules: where would it have stopped? Nobody is asked anything.
import type { Fact } from '@parley/contracts';
import {
  type DebateStartedV1,
  type Novelty,
  otherSide,
  type ReplayFinishedV1,
  type ReplayRules,
  type Side,
  type StopReason,
  type TurnRecordedV1,
} from '@parley/contracts/debate';
import { stopFacts } from './debate-end.ts';
import { type DebateEvent, type DebateState, isOpen } from './debate-state.ts';
import { evolveDebate } from './evolve-debate.ts';
import type { JudgedTurn } from './fair-truncation.ts';
import { measureNovelty, ownTurnsKept } from './novelty.ts';
import { type Sketch, sketch } from './sketch.ts';
import { reasonsToStop } from './stop.ts';

export interface Replayed {
  readonly topic: string;
  readonly original: ReplayFinishedV1['original'];
  /** The end by the rules, without what a judge has to say. */
  readonly replay: Pick<ReplayFinishedV1['replay'], 'rounds' | 'stopReason' | 'alsoTrue' | 'tokens' | 'turns'>;
  readonly tokensSaved: number;
  /** The turns of the whole rounds up to there: what a judge would see. */
  readonly judged: readonly JudgedTurn[];
}

/** What only the rules decide. Every other reason was there or was not, whatever the rules. */
const ruled: ReadonlySet<StopReason> = new Set(['redundant', 'max_rounds']);

/** @returns why not, if the log is not that of a debate that is over. */
export function replayLog(log: readonly DebateEvent[], rules: ReplayRules): Replayed | { readonly refusal: string } {
  const find = <T extends DebateEvent['type']>(type: T): Fact<T>['data'] | undefined =>
    log.find((event) => event.type === type)?.data as Fact<T>['data'] | undefined;
  const started = find('debate-started.v1');
  const closed = find('debate-closed.v1');
  if (started === undefined) return { refusal: 'The moderator has no such debate.' };
  if (closed === undefined) return { refusal: 'The debate is not over. Ask again when it is closed.' };
  const stopped = find('debate-stopped.v1');
  const turns = log.filter((event) => event.type === 'turn-recorded.v1').map((event) => event.data);
  const original: Replayed['original'] = {
    rounds: stopped?.rounds ?? 0,
    stopReason: closed.stopReason,
    alsoTrue: stopped?.alsoTrue ?? [],
    tokens: tokensOf(turns),
    verdict: find('verdict-given.v1')?.verdict ?? null,
  };
  const { measured, reasons, rounds } = foldBy(log, started, rules);
  const end = reasons.length > 0 ? { rounds, reasons } : endOfLog(original);
  const [stopReason = null, ...alsoTrue] = end.reasons;
  const heard = turns.slice(0, measured.length);
  const tokens = tokensOf(heard);
  return {
    topic: started.topic,
    original,
    replay: { rounds: end.rounds, stopReason, alsoTrue, tokens, turns: measured },
    tokensSaved: original.tokens - tokens,
    judged: heard.filter(({ round }) => round <= end.rounds).map(({ side, round, text }) => ({ side, round, text })),
  };
}

/** The debate's own end, where no rule stops it. Nobody knows what would have followed a stop by *its* rules. */
function endOfLog(original: Replayed['original']): { rounds: number; reasons: StopReason[] } {
  const reasons = [original.stopReason, ...original.alsoTrue].filter((reason) => reason !== null && !ruled.has(reason));
  return { rounds: original.rounds, reasons: reasons as StopReason[] };
}

/** The debate's own fold over its own events, with the novelty of each turn measured anew, until a rule holds. */
function foldBy(log: readonly DebateEvent[], started: DebateStartedV1, rules: ReplayRules) {
  const { staleRounds, ...setup } = rules.stop ?? {};
  const said: Record<Side, Sketch[]> = { pro: [], con: [] };
  const measured: Replayed['replay']['turns'] = [];
  let state: DebateState = { phase: 'new' };
  for (const event of log) {
    if (event.type === 'debate-stopped.v1') break;
    if (event.type === 'debate-started.v1') {
      state = evolveDebate(state, { ...event, data: { ...started, ...defined(setup) } });
      continue;
    }
    if (event.type !== 'turn-recorded.v1') {
      state = evolveDebate(state, event);
      continue;
    }
    const turn = event.data;
    const novelty = measuredAnew(turn, said, rules);
    said[turn.side] = [...said[turn.side], sketch(turn.text)].slice(-ownTurnsKept);
    const { round, side } = turn;
    measured.push({ round, side, novelty, wasStale: turn.novelty.isStale });
    const after = evolveDebate(state, { ...event, data: { ...turn, novelty, next: null } });
    if (isOpen(after)) {
      // No time passes in a log: whether a deadline was met is a fact of the debate, not of the rules.
      const now = {
        ...stopFacts(after, 0),
        round,
        isRoundComplete: side === 'con',
        ...defined({ staleRoundsToStop: staleRounds }),
      };
      const reasons = reasonsToStop(now);
      if (reasons.length > 0) return { measured, reasons, rounds: side === 'con' ? round : round - 1 };
    }
    state = evolveDebate(state, { ...event, data: { ...turn, novelty } });
  }
  return { measured, reasons: [], rounds: 0 };
}

/** Words are measured from the text; cosines and claims that a model found then are taken as they were found. */
function measuredAnew(turn: TurnRecordedV1, said: Readonly<Record<Side, Sketch[]>>, rules: ReplayRules): Novelty {
  const { side, text } = turn;
  const other = said[otherSide[side]].at(-1);
  return measureNovelty(sketch(text), said[side], other, assessedIn(turn.novelty), defined(rules.thresholds ?? {}));
}

/** What an assessment found then, as far as the log has kept it. */
function assessedIn(novelty: Novelty): Parameters<typeof measureNovelty>[3] {
  const { cosine, cosineAgainst, cosineThreshold, claims, opinion } = novelty;
  if (cosine === undefined && claims === undefined && opinion === undefined) return undefined;
  const of = (against: 'own' | 'opponent'): number =>
    cosineAgainst === against ? (cosine ?? 0) : cosineAgainst === 'nothing' ? 0 : -1;
  const staleFrom = cosineThreshold === undefined ? {} : { staleFrom: cosineThreshold };
  return {
    ...(cosine === undefined
      ? {}
      : { embedding: { model: '', own: of('own'), opponent: of('opponent'), ...staleFrom } }),
    ...(claims === undefined ? {} : { claims }),
    ...(opinion === undefined ? {} : { opinion: { isNew: opinion.isNew, reason: '' } }),
  };
}

function tokensOf(turns: readonly Pick<TurnRecordedV1, 'usage'>[]): number {
  return turns.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0);
}

/** The given object without the keys that were left out, so that they do not hide what they would replace. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
