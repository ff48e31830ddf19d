// A debate, and what leaves each of its states:
//   new       --start-->            debating: the floor goes to pro, round 1
//   debating  --turn replied-->     debating: the floor goes to the other side | judging | closed
//   debating  --cancel | deadline | turn failed--> judging | closed
//   judging   --verdict | judge failed--> closed
//   judging   --cancel-->           closed
//   closed    --nothing-->
import type {
  Decision,
  EffectOutcome,
  EffectRequest,
  Fact,
  Floor,
  Instant,
  Process,
  Side,
  StartDebateV1,
  StopReason,
  Usage,
  Verdict,
} from '@parley/contracts';
import { measureNovelty, ownTurnsKept } from './novelty.ts';
import { type Sketch, sketch } from './sketch.ts';
import { reasonsToStop, type Standing } from './stop.ts';

type Setup = Omit<StartDebateV1, 'deadlineSeconds'> & { readonly deadlineAt: Instant };

interface Debating {
  readonly phase: 'debating';
  readonly setup: Setup;
  /** Who has the floor. */
  readonly round: number;
  readonly side: Side;
  readonly said: Readonly<Record<Side, readonly Sketch[]>>;
  readonly isProStale: boolean;
  readonly staleRounds: number;
  readonly tokens: number;
}

export type DebateState =
  | { readonly phase: 'new' }
  | Debating
  | { readonly phase: 'judging'; readonly topic: string; readonly stopReason: StopReason; readonly judgings: number }
  | { readonly phase: 'closed' };

export type DebateInput =
  | Fact<'start-debate.v1' | 'cancel-debate.v1' | 'turn-replied.v1' | 'turn-failed.v1'>
  | EffectOutcome;

export type DebateEvent = Fact<
  | 'debate-started.v1'
  | 'turn-recorded.v1'
  | 'debate-stopped.v1'
  | 'judging-failed.v1'
  | 'verdict-given.v1'
  | 'debate-closed.v1'
>;

export type DebateEffect =
  | { readonly type: 'timer'; readonly data: { readonly name: 'deadline' } }
  | { readonly type: 'judge'; readonly data: { readonly topic: string } };

type Decided = Decision<DebateEvent, DebateEffect>;

/** What the judge's effect answers with. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly usage: Usage;
}

const maxJudgings = 3;

export const debate: Process<DebateState, DebateInput, DebateEvent, DebateEffect> = {
  kind: 'debate',
  initial: () => ({ phase: 'new' }),

  decide(state, input, at): Decided {
    switch (input.type) {
      case 'start-debate.v1':
        return state.phase === 'new' ? start(input.data, at) : refuse('ALREADY_STARTED');
      case 'turn-replied.v1':
        return state.phase === 'debating' && hasFloor(state, input.data)
          ? record(state, input.data, at)
          : refuse('OUT_OF_TURN');
      case 'turn-failed.v1': {
        if (state.phase !== 'debating' || !hasFloor(state, input.data)) return refuse('OUT_OF_TURN');
        const detail = `${input.data.side} in round ${input.data.round}: ${input.data.reason}`;
        return stop(state, { ...standing(state, at), hasDebaterFailed: true }, detail);
      }
      case 'cancel-debate.v1':
        if (state.phase === 'debating') {
          return stop(state, { ...standing(state, at), isCancelled: true }, input.data.reason);
        }
        return state.phase === 'judging' ? close('cancelled', 'cancelled') : refuse('NOT_RUNNING');
      case 'effect.succeeded':
        if (input.effect === 'judge') return verdict(state, input.result as unknown as Judgement);
        if (input.effect !== 'timer' || state.phase !== 'debating') return refuse('NOT_RUNNING');
        return stop(state, standing(state, Math.max(at, state.setup.deadlineAt)));
      case 'effect.failed':
        return judgingFailed(state, input.reason);
      case 'effect.outcome-unknown':
        return judgingFailed(state, 'the outcome of judging is unknown');
      default:
        input satisfies never;
        return refuse('UNKNOWN_INPUT');
    }
  },

  evolve(state, event): DebateState {
    switch (event.type) {
      case 'debate-started.v1': {
        const { next, ...setup } = event.data;
        return {
          phase: 'debating',
          setup,
          round: next.round,
          side: next.side,
          said: { pro: [], con: [] },
          isProStale: false,
          staleRounds: 0,
          tokens: 0,
        };
      }
      case 'turn-recorded.v1': {
        if (state.phase !== 'debating') return state;
        const { side, text, usage, novelty, next } = event.data;
        const isRoundStale = side === 'con' && state.isProStale && novelty.isStale;
        return {
          ...state,
          round: next?.round ?? state.round,
          side: next?.side ?? state.side,
          said: { ...state.said, [side]: [...state.said[side], sketch(text)].slice(-ownTurnsKept) },
          isProStale: side === 'pro' ? novelty.isStale : state.isProStale,
          staleRounds: side === 'pro' ? state.staleRounds : isRoundStale ? state.staleRounds + 1 : 0,
          tokens: state.tokens + usage.inputTokens + usage.outputTokens,
        };
      }
      case 'debate-stopped.v1':
        if (state.phase !== 'debating') return state;
        return { phase: 'judging', topic: state.setup.topic, stopReason: event.data.stopReason, judgings: 1 };
      case 'judging-failed.v1':
        return state.phase === 'judging' ? { ...state, judgings: state.judgings + 1 } : state;
      case 'debate-closed.v1':
        return { phase: 'closed' };
      default:
        return state;
    }
  },

  isFinished: (state) => state.phase === 'closed',
};

const refuse = (code: string): Decided => ({ ok: false, code });
const accept = (events: readonly DebateEvent[], effects: readonly EffectRequest<DebateEffect>[] = []): Decided => ({
  ok: true,
  events,
  effects,
});
const hasFloor = (state: Debating, turn: { round: number; side: Side }): boolean =>
  turn.round === state.round && turn.side === state.side;

function start(command: StartDebateV1, at: Instant): Decided {
  const { deadlineSeconds, ...rest } = command;
  const setup: Setup = { ...rest, deadlineAt: at + deadlineSeconds * 1000 };
  const next = floor(setup, 1, 'pro', 0);
  return accept(
    [{ type: 'debate-started.v1', data: { ...setup, next } }],
    [
      {
        key: 'deadline',
        effect: { type: 'timer', data: { name: 'deadline' } },
        isIdempotent: true,
        dueAt: setup.deadlineAt,
      },
    ],
  );
}

function record(state: Debating, turn: Fact<'turn-replied.v1'>['data'], at: Instant): Decided {
  const { round, side, text, model, isRehearsal, usage } = turn;
  const other: Side = side === 'pro' ? 'con' : 'pro';
  const novelty = measureNovelty(sketch(text), state.said[side], state.said[other].at(-1));
  const recorded = (next: Floor | null): Fact<'turn-recorded.v1'> => ({
    type: 'turn-recorded.v1',
    data: { round, side, text, model, isRehearsal, usage, novelty, next },
  });
  const after = debate.evolve(state, recorded(null)) as Debating;
  const now: Standing = { ...standing(after, at), isRoundComplete: side === 'con' };
  if (reasonsToStop(now).length > 0) {
    const rounds = side === 'con' ? round : round - 1;
    return conclude(after, now, rounds, [recorded(null)], undefined);
  }
  return accept([recorded(floor(state.setup, side === 'con' ? round + 1 : round, other, after.tokens))]);
}

/** Ends the debate in the middle of a turn that was asked for. */
function stop(state: Debating, now: Standing, detail?: string): Decided {
  return conclude(state, now, state.round - 1, [], detail, { round: state.round, side: state.side });
}

function conclude(
  state: Debating,
  now: Standing,
  rounds: number,
  before: readonly DebateEvent[],
  detail: string | undefined,
  withdrawn?: { round: number; side: Side },
): Decided {
  const [stopReason, ...alsoTrue] = reasonsToStop(now);
  if (stopReason === undefined) return refuse('NOTHING_TO_STOP_FOR');
  const stopped: DebateEvent = {
    type: 'debate-stopped.v1',
    data: {
      stopReason,
      alsoTrue,
      rounds,
      ...(detail === undefined ? {} : { detail }),
      ...(withdrawn === undefined ? {} : { withdrawn }),
    },
  };
  if (stopReason === 'cancelled' || stopReason === 'debater_failed') {
    const status = stopReason === 'cancelled' ? 'cancelled' : 'failed';
    return accept([...before, stopped, { type: 'debate-closed.v1', data: { status, stopReason } }]);
  }
  if (rounds === 0) {
    const reason = 'Not one round was complete: there is nothing to judge.';
    return accept([...before, stopped, ...closing({ outcome: 'unavailable', reason }, stopReason)]);
  }
  return accept([...before, stopped], [judgeEffect(state.setup.topic, 1)]);
}

function standing(state: Debating, at: Instant): Standing {
  return {
    ...state.setup,
    at,
    isCancelled: false,
    hasDebaterFailed: false,
    isRoundComplete: false,
    round: state.round,
    tokens: state.tokens,
    tokenBudget: state.setup.tokenBudget,
    staleRounds: state.staleRounds,
  };
}

function floor(setup: Setup, round: number, side: Side, tokens: number): Floor {
  const { topic, maxRounds, deadlineAt, tokenBudget } = setup;
  const tokensLeft = tokenBudget === undefined ? {} : { tokensLeft: Math.max(0, tokenBudget - tokens) };
  return { round, side, topic, maxRounds, profile: setup.sides[side], deadlineAt, ...tokensLeft };
}

function judgeEffect(topic: string, judging: number): EffectRequest<DebateEffect> {
  return { key: `judge/${judging}`, effect: { type: 'judge', data: { topic } }, isIdempotent: true };
}

function verdict(state: DebateState, judgement: Judgement): Decided {
  if (state.phase !== 'judging') return refuse('NOT_JUDGING');
  return accept(closing(judgement.verdict, state.stopReason, judgement.usage));
}

function judgingFailed(state: DebateState, reason: string): Decided {
  if (state.phase !== 'judging') return refuse('NOT_JUDGING');
  const isLast = state.judgings >= maxJudgings;
  const failed: DebateEvent = { type: 'judging-failed.v1', data: { reason, isLast } };
  if (!isLast) return accept([failed], [judgeEffect(state.topic, state.judgings + 1)]);
  const last = `The judge failed ${maxJudgings} times, at last: ${reason}`;
  return accept([failed, ...closing({ outcome: 'unavailable', reason: last }, state.stopReason)]);
}

function close(status: 'closed' | 'cancelled', stopReason: StopReason): Decided {
  return accept([{ type: 'debate-closed.v1', data: { status, stopReason } }]);
}

function closing(given: Verdict, stopReason: StopReason, usage?: Usage): DebateEvent[] {
  return [
    { type: 'verdict-given.v1', data: { verdict: given, ...(usage === undefined ? {} : { usage }) } },
    { type: 'debate-closed.v1', data: { status: 'closed', stopReason } },
  ];
}
