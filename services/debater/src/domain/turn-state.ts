// One turn of one side, and what leaves each of its states:
//   new       --floor given-->            thinking
//   thinking  --text that can be used-->  replied
//   thinking  --text that cannot, model failed--> thinking, with the reason | failed
//   thinking  --model away or busy--> thinking, after a wait: that is no attempt
//   thinking  --withdrawn-->              withdrawn
//   replied, failed, withdrawn --nothing-->
import type { EffectOutcome, Fact, Instant, PassingFailure, Usage, WaitEffect } from '@parley/contracts';
import type { Citation, Floor } from '@parley/contracts/debate';
import type { Compacted } from './context.ts';

/** The parts of a floor that are needed to answer it. The whole floor stands in the log, evidence and all, once. */
export type Asked = Pick<Floor, 'round' | 'side' | 'attempt' | 'deadlineAt' | 'tokensLeft'>;

/** Tokens of attempts that gave no turn, and the last model that used some. */
export type Spent = Usage & { readonly model?: string };

export type TurnState =
  | { readonly phase: 'new' }
  | {
      readonly phase: 'thinking';
      readonly floor: Asked;
      readonly attempts: number;
      readonly spent: Spent;
      /** Time of the first in a series of failures that may pass; absent while the model answers. */
      readonly waitingSince?: Instant | undefined;
      /** Why the last attempt gave no turn. */
      readonly lastFailure?: string | undefined;
      /** An attempt killed its process again and again. */
      readonly isPoisoned?: true;
      /** The words are there; whether they give up the debate could not be asked yet. */
      readonly isDrafted?: true;
    }
  | { readonly phase: 'done' };

export type TurnInput =
  | { readonly type: 'give-floor'; readonly data: { readonly floor: Floor; readonly opponentText: string | null } }
  | { readonly type: 'withdraw-floor' }
  | EffectOutcome;

export type TurnEvent =
  | { readonly type: 'floor-given'; readonly data: { readonly floor: Floor; readonly opponentText: string | null } }
  | {
      readonly type: 'attempt-failed';
      readonly data: {
        readonly reason: string;
        readonly code?: string;
        readonly usage: Usage;
        readonly model?: string;
      };
    }
  | { readonly type: 'floor-withdrawn'; readonly data: Record<string, never> }
  | { readonly type: 'memory-compacted'; readonly data: Compacted }
  | { readonly type: 'turn-drafted'; readonly data: { readonly thought: Thought } }
  | Fact<'turn-replied.v1' | 'turn-failed.v1' | 'model-waiting.v1'>;

/** Ask the model for the words of this turn. */
export interface ThinkEffect {
  readonly type: 'think';
  readonly data: {
    readonly attempt: number;
    readonly lastFailure?: string;
    /** Ask the first model last: with it the process died. */
    readonly isFirstModelAvoided?: true;
  };
}

/** Ask the model whether the words of its draft give up the debate. */
export interface DeclareEffect {
  readonly type: 'declare';
  readonly data: Record<string, never>;
}

export type TurnEffect = ThinkEffect | DeclareEffect | WaitEffect;

/** What the think effect answers with, and the declare effect once more. */
export interface Thought {
  readonly text: string;
  readonly model: string;
  readonly isRehearsal: boolean;
  /** Tokens of all calls that the turn took. */
  readonly usage: Usage;
  /** The evidence that the text names, checked. */
  readonly citations?: readonly Citation[];
  /** Declared by the model about its own text. */
  readonly concedes?: boolean;
  /** Why the model could not be asked whether the text concedes: it is to be asked later. */
  readonly undeclared?: Pick<PassingFailure, 'code' | 'reason' | 'retryAfterMs'>;
  /** What the debater remembers from now on instead of these rounds. */
  readonly compacted?: Compacted;
}

export type Thinking = Extract<TurnState, { phase: 'thinking' }>;
