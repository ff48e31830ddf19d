// One run of an agent, and what leaves each of its states:
//   new       --started-->                          thinking
//   thinking  --text without calls-->               replied
//   thinking  --calls-->                            acting
//   thinking  --nothing usable, model failed-->     thinking, with the reason | failed
//   thinking  --model away or busy-->               thinking, after a wait
//   acting    --a call that may be made-->          acting, the call given out
//   acting    --a call that a person decides, or that asks one--> acting, the question put
//   acting    --a call that harms twice, outcome unknown--> acting, the question put: it is never made again by itself
//   acting    --the last open call closed-->        thinking
//   thinking, acting --deadline, cancelled-->       failed, cancelled
//   replied, failed, cancelled --nothing-->
import type { EffectOutcome, Instant, MessageOf, Usage, WaitEffect } from '@parley/contracts';
import type {
  Arguments,
  addMessageV1,
  answerQuestionV1,
  callFailedV1,
  callRefusedV1,
  callStartedV1,
  callSucceededV1,
  cancelRunV1,
  EffectClass,
  messageAddedV1,
  ProposedCall,
  questionAnsweredV1,
  questionAskedV1,
  RunLimits,
  runCancelledV1,
  runFailedV1,
  runRepliedV1,
  runStartedV1,
  runWaitingV1,
  startRunV1,
  thoughtRejectedV1,
  thoughtV1,
} from '@parley/contracts/run';

/** A call of the last thought that is not closed yet. Its arguments stand in the log. */
export interface OpenCall {
  /** Number of the thought, and of the call in it from 1. */
  readonly call: string;
  readonly tool: string;
  /** `person`: it asks a person for words. */
  readonly class: EffectClass | 'person';
  readonly argsHash: string;
  /** Times that it was given out. */
  readonly attempt: number;
  readonly phase: 'refused' | 'asking' | 'ready' | 'running';
  /** What a person is asked about it. */
  readonly question?: { readonly id: string; readonly about: 'words' | 'approval' | 'outcome' } | undefined;
  /** Arguments of a person, instead of the thought's. */
  readonly args?: Arguments | undefined;
  /** Time of the first in a series of failures that may pass. */
  readonly waitingSince?: Instant | undefined;
}

export interface Going {
  readonly phase: 'going';
  readonly agent: string;
  readonly deadlineAt: Instant;
  readonly limits: RunLimits;
  /** Number of the last thought that came or was rejected. */
  readonly heard: number;
  /** Number of the thought that is asked for; `heard` while calls are open. */
  readonly asked: number;
  /** Thoughts in a row that could not be used. */
  readonly rejections: number;
  readonly lastFailure?: string | undefined;
  readonly waitingSince?: Instant | undefined;
  readonly calls: number;
  readonly used: Usage;
  readonly open: readonly OpenCall[];
  /** Calls and results of the thought that is being acted on, and of the one before. */
  readonly results: string;
  readonly resultsBefore: string;
  /** Thoughts in a row whose calls gave the same results. */
  readonly repeats: number;
}

export type RunState = { readonly phase: 'new' } | Going | { readonly phase: 'over' };

export type RunInput =
  | MessageOf<typeof startRunV1 | typeof cancelRunV1 | typeof addMessageV1 | typeof answerQuestionV1>
  | EffectOutcome;

export type RunEvent = MessageOf<
  | typeof runStartedV1
  | typeof thoughtV1
  | typeof thoughtRejectedV1
  | typeof callStartedV1
  | typeof callSucceededV1
  | typeof callFailedV1
  | typeof callRefusedV1
  | typeof questionAskedV1
  | typeof questionAnsweredV1
  | typeof messageAddedV1
  | typeof runWaitingV1
  | typeof runRepliedV1
  | typeof runFailedV1
  | typeof runCancelledV1
>;

/** Ask the model what to do next. */
export interface ThinkEffect {
  readonly type: 'think';
  readonly data: {
    readonly thought: number;
    /** Why the one before could not be used. */
    readonly lastFailure?: string;
    /** No tool is offered, and why: the answer is due. */
    readonly isLast?: LastReason;
  };
}

/** Make a call of a thought. Its arguments are in the log: of the thought, or of the person who approved it. */
export interface CallEffect {
  readonly type: 'call';
  readonly data: { readonly call: string; readonly tool: string; readonly attempt: number };
}

/** The run's time is up. */
export interface DeadlineEffect {
  readonly type: 'timer';
  readonly data: { readonly name: 'deadline' };
}

export type RunEffect = ThinkEffect | CallEffect | DeadlineEffect | WaitEffect;

/** Why no further call may be made: the steps are used up, or the same calls gave the same results again and again. */
export type LastReason = 'STEPS_SPENT' | 'LOOPING';

/** What the think effect answers with. */
export type Thought =
  | {
      readonly text: string;
      readonly calls: readonly ProposedCall[];
      readonly model: string;
      readonly isRehearsal: boolean;
      readonly usage: Usage;
    }
  | {
      /** The answer cannot be used, and why. */
      readonly rejected: { readonly code: string; readonly reason: string };
      readonly model: string;
      readonly usage: Usage;
    };

/** What the call effect answers with. */
export interface CallResult {
  readonly output: string;
  readonly outputHash: string;
  readonly cutCharacters: number;
}
