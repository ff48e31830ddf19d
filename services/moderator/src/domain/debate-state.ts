// A debate, and what leaves each of its states:
//   new       --start-->                 debating: the floor goes to pro, round 1
//   debating  --turn replied-->          debating: the floor goes to the other side | assessing | judging | closed
//   assessing --assessed-->              debating: the floor goes to the other side, or once more to the same | judging
//   debating, assessing --pause-->       paused: the floor is nobody's
//   paused    --resume-->                debating: the floor is given anew | assessing
//   debating, assessing, paused --cancel | deadline | turn failed--> judging | closed
//   debating, assessing, paused --polled, clearly ahead--> closed
//   judging   --verdict | judge failed | time for a verdict up--> closed
//   judging   --cancel-->                closed
//   closed    --nothing-->
//   debating, assessing, judging --model away or busy--> the same, until it answers
// A turn that has come is recorded whatever ends the debate while it is assessed.
import type { EffectOutcome, Fact, Instant, Usage, WaitEffect } from '@parley/contracts';
import type {
  JudgeSetup,
  Side,
  StartDebateV1,
  StopReason,
  TurnRepliedV1,
  Verdict,
  Vote,
} from '@parley/contracts/debate';
import type { AssessEffect } from './assessment.ts';
import type { Sketch } from './sketch.ts';

/** What was asked for, with its times as moments. */
export type Setup = Omit<StartDebateV1, 'deadlineSeconds'> & {
  readonly deadlineAt: Instant;
  /** The debate is over by then, judged or not; absent in a log of an earlier build. */
  readonly verdictBy?: Instant | undefined;
};

/** What stands out in a turn of the present round. */
export interface Mark {
  readonly concedes: boolean;
  /** The side that it argues for. */
  readonly arguesFor: Side | 'neither';
  readonly isOffTopic: boolean;
}

/** What every debate keeps that is not over. Optional fields are absent where nothing special has happened. */
export interface Running {
  readonly setup: Setup;
  /** Round of the present turn; `side` says whose turn it is. */
  readonly round: number;
  readonly side: Side;
  readonly said: Readonly<Record<Side, readonly Sketch[]>>;
  readonly isProStale: boolean;
  readonly staleRounds: number;
  readonly tokens: number;
  /** Times this turn was asked for, or will have been when the floor is given; 1 when absent. */
  readonly attempt?: number | undefined;
  /** Why this turn is asked for once more: it argued for the other side. That happens once a turn. */
  readonly objection?: string | undefined;
  readonly marks?: Readonly<Partial<Record<Side, Mark>>> | undefined;
  /** Rounds in a row, up to the last whole one, in which both sides were off topic. */
  readonly offTopicRounds?: number | undefined;
  /** The newest words of a human moderator, oldest first. */
  readonly notes?: readonly string[] | undefined;
  /** Time of the first in a series of failures that may pass, of the model that assesses; absent while it answers. */
  readonly waitingSince?: Instant | undefined;
  /** Pauses and notes so far: they are bounded, as the log is. */
  readonly controls?: number | undefined;
}

export type Debating = Running & { readonly phase: 'debating' };
export type Assessing = Running & { readonly phase: 'assessing'; readonly received: TurnRepliedV1 };
/** A paused debate, with the turn that was being assessed when the pause came, until that is done. */
export type Paused = Running & { readonly phase: 'paused'; readonly received?: TurnRepliedV1 | undefined };
export type Open = Debating | Assessing | Paused;

export interface Judging {
  readonly phase: 'judging';
  readonly topic: string;
  readonly judge?: JudgeSetup | undefined;
  readonly stopReason: StopReason;
  /** The debate is over by then, with or without a verdict; absent in a state of an earlier build. */
  readonly verdictBy?: Instant | undefined;
  /** Time of the first in a series of failures that may pass, of the judge; absent while it answers. */
  readonly waitingSince?: Instant | undefined;
  /** Times the judge was asked, the present one included. */
  readonly judgings: number;
}

export type DebateState = { readonly phase: 'new' } | Open | Judging | { readonly phase: 'closed' };

export type DebateInput =
  | Fact<
      | 'start-debate.v1'
      | 'cancel-debate.v1'
      | 'pause-debate.v1'
      | 'resume-debate.v1'
      | 'add-note.v1'
      | 'interject.v1'
      | 'turn-replied.v1'
      | 'turn-failed.v1'
      | 'model-waiting.v1'
    >
  | EffectOutcome;

export type DebateEvent = Fact<
  | 'debate-started.v1'
  | 'turn-received.v1'
  | 'turn-rejected.v1'
  | 'turn-recorded.v1'
  | 'debate-paused.v1'
  | 'debate-resumed.v1'
  | 'note-added.v1'
  | 'model-waiting.v1'
  | 'judge-polled.v1'
  | 'debate-stopped.v1'
  | 'judging-failed.v1'
  | 'verdict-given.v1'
  | 'debate-closed.v1'
>;

export type DebateEffect =
  | { readonly type: 'timer'; readonly data: { readonly name: 'deadline' | 'verdict' } }
  | WaitEffect
  | {
      readonly type: 'judge';
      /**
       * `rounds`: number of rounds to judge while the debate goes on; absent for all whole rounds of one that is over.
       * `until`: time from which the answer is of no use.
       */
      readonly data: {
        readonly topic: string;
        readonly judge?: JudgeSetup;
        readonly rounds?: number;
        readonly until?: Instant;
      };
    }
  | AssessEffect;

/** What the judge's effect answers with. An answer that an earlier build left behind has no votes. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly usage: Usage;
  readonly votes?: readonly Vote[];
  readonly positionFlip?: boolean;
}

export function isOpen(state: DebateState): state is Open {
  return state.phase === 'debating' || state.phase === 'assessing' || state.phase === 'paused';
}
