// A debate, and what leaves each of its states:
//   new       --start-->            debating: the floor goes to pro, round 1
//   debating  --turn replied-->     debating: the floor goes to the other side | judging | closed
//   debating  --cancel | deadline | turn failed--> judging | closed
//   judging   --verdict | judge failed--> closed
//   judging   --cancel-->           closed
//   closed    --nothing-->
import type {
  EffectOutcome,
  Fact,
  Instant,
  JudgeSetup,
  Side,
  StartDebateV1,
  StopReason,
  Usage,
  Verdict,
  Vote,
} from '@parley/contracts';
import { ownTurnsKept } from './novelty.ts';
import { type Sketch, sketch } from './sketch.ts';

/** What was asked for, with the deadline as a moment. */
export type Setup = Omit<StartDebateV1, 'deadlineSeconds'> & { readonly deadlineAt: Instant };

export interface Debating {
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

export interface Judging {
  readonly phase: 'judging';
  readonly topic: string;
  readonly judge?: JudgeSetup;
  readonly stopReason: StopReason;
  /** How often the judge was asked, the present time included. */
  readonly judgings: number;
}

export type DebateState = { readonly phase: 'new' } | Debating | Judging | { readonly phase: 'closed' };

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
  | { readonly type: 'judge'; readonly data: { readonly topic: string; readonly judge?: JudgeSetup } };

/** What the judge's effect answers with. An answer that an earlier build left behind has no votes. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly usage: Usage;
  readonly votes?: readonly Vote[];
  readonly positionFlip?: boolean;
}

/** The state is bounded: of what was said it keeps sketches of the last turns, never the words. */
export function evolveDebate(state: DebateState, event: DebateEvent): DebateState {
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
    case 'debate-stopped.v1': {
      if (state.phase !== 'debating') return state;
      const { topic, judge } = state.setup;
      const who = judge === undefined ? {} : { judge };
      return { phase: 'judging', topic, ...who, stopReason: event.data.stopReason, judgings: 1 };
    }
    case 'judging-failed.v1':
      return state.phase === 'judging' ? { ...state, judgings: state.judgings + 1 } : state;
    case 'debate-closed.v1':
      return { phase: 'closed' };
    default:
      return state;
  }
}
