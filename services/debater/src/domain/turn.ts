// One turn of one side, and what leaves each of its states:
//   new       --floor given-->            thinking
//   thinking  --text that can be used-->  replied
//   thinking  --text that cannot, model failed--> thinking, with the reason | failed
//   thinking  --model away or busy--> thinking, after a wait: that is no attempt
//   thinking  --withdrawn-->              withdrawn
//   replied, failed, withdrawn --nothing-->
import {
  againAt,
  baseOf,
  type Citation,
  type Decision,
  type EffectOutcome,
  type EffectRequest,
  type Fact,
  type Floor,
  type Instant,
  isPassing,
  nextTryAt,
  type PassingFailure,
  type Process,
  type Usage,
  type WaitEffect,
  waitedFor,
  waitFor,
} from '@parley/contracts';
import type { Compacted } from './context.ts';
import { judgeText } from './text.ts';

/** What has to be known of a floor to answer it. The whole of it stands in the log, evidence and all, once. */
type Asked = Pick<Floor, 'round' | 'side' | 'attempt' | 'deadlineAt' | 'tokensLeft'>;

/** Tokens of attempts that gave no turn, and the last model that used some. */
type Spent = Usage & { readonly model?: string };

export type TurnState =
  | { readonly phase: 'new' }
  | {
      readonly phase: 'thinking';
      readonly floor: Asked;
      readonly attempts: number;
      readonly spent: Spent;
      /** When the model failed first of those failures that may pass; absent while it answers. */
      readonly waitingSince?: Instant | undefined;
      /** Why the last attempt gave no turn. */
      readonly lastFailure?: string | undefined;
      /** An attempt killed its process again and again. */
      readonly isPoisoned?: true;
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

export type TurnEffect = ThinkEffect | WaitEffect;

/** What the think effect answers with. */
export interface Thought {
  readonly text: string;
  readonly model: string;
  readonly isRehearsal: boolean;
  /** Of all calls that the turn took. */
  readonly usage: Usage;
  /** The evidence that the text names, checked. */
  readonly citations?: readonly Citation[];
  /** Declared by the model about its own text. */
  readonly concedes?: boolean;
  /** What the debater remembers from now on instead of these rounds. */
  readonly compacted?: Compacted;
}

/** How often a turn is asked again when the model fails or says nothing usable. */
export const maxRetryCount = 3;

/** Failures that another attempt cannot mend. */
const hopeless = new Set(['MODEL_NOT_FOUND', 'MODEL_REFUSED', 'TOKEN_BUDGET_SPENT']);

/** An attempt that ended with its process so often that it is not made again. */
const poison = 'EFFECT_POISON';

const reasonCharacters = 500;

/** The debate's time was up: no fault of the debater's. */
const deadlinePassed = 'DEADLINE_PASSED';

type Decided = Decision<TurnEvent, TurnEffect>;

export const turn: Process<TurnState, TurnInput, TurnEvent, TurnEffect> = {
  kind: 'turn',
  initial: () => ({ phase: 'new' }),

  decide(state, input, at): Decided {
    if (input.type === 'give-floor') {
      if (state.phase !== 'new') return refuse('ALREADY_GIVEN');
      const { floor, opponentText } = input.data;
      const given: TurnEvent = { type: 'floor-given', data: { floor, opponentText } };
      return accept([given], [think(1)]);
    }
    if (input.type === 'withdraw-floor' && state.phase === 'new') {
      // The withdrawal overtook the floor: remember it, so that the floor is refused when it comes.
      return accept([{ type: 'floor-withdrawn', data: {} }]);
    }
    if (state.phase !== 'thinking') return refuse('NOT_THINKING');
    switch (input.type) {
      case 'withdraw-floor':
        return accept([{ type: 'floor-withdrawn', data: {} }]);
      case 'effect.succeeded': {
        if (waitedFor(input.key) !== undefined) return thinkAgain(state, input.key, at);
        const thought = input.result as unknown as Thought;
        const judged = judgeText(thought.text);
        const decided = judged.ok
          ? reply(state, thought, judged.text)
          : again(state, 'MODEL_GARBAGE', judged.reason, { ...thought.usage, model: thought.model }, at);
        const { compacted } = thought;
        return compacted === undefined || !decided.ok
          ? decided
          : { ...decided, events: [{ type: 'memory-compacted', data: compacted }, ...decided.events] };
      }
      case 'effect.failed':
        // However its timer was answered, the wait is over.
        if (waitedFor(input.key) !== undefined) return thinkAgain(state, input.key, at);
        if (isPassing(input) && at < state.floor.deadlineAt) return wait(state, input, at);
        return again(state, input.code, input.reason, nothing, at);
      case 'effect.outcome-unknown':
        return again(state, 'EFFECT_OUTCOME_UNKNOWN', 'the outcome of the model call is unknown', nothing, at);
      default:
        input satisfies never;
        return refuse('UNKNOWN_INPUT');
    }
  },

  evolve(state, event): TurnState {
    switch (event.type) {
      case 'floor-given': {
        const { round, side, attempt, deadlineAt, tokensLeft } = event.data.floor;
        const floor = { round, side, attempt, deadlineAt, ...(tokensLeft === undefined ? {} : { tokensLeft }) };
        return { phase: 'thinking', floor, attempts: 1, spent: nothing };
      }
      case 'attempt-failed':
        if (state.phase !== 'thinking') return state;
        return {
          phase: 'thinking',
          floor: state.floor,
          attempts: state.attempts + 1,
          spent: spentOn(state, event.data),
          lastFailure: event.data.reason.slice(0, reasonCharacters),
          ...(state.isPoisoned === true || event.data.code === poison ? { isPoisoned: true } : {}),
        };
      case 'model-waiting.v1':
        return state.phase === 'thinking' ? { ...state, waitingSince: event.data.since } : state;
      case 'turn-replied.v1':
      case 'turn-failed.v1':
      case 'floor-withdrawn':
        return { phase: 'done' };
      default:
        return state;
    }
  },

  isFinished: (state) => state.phase === 'done',
};

type Thinking = Extract<TurnState, { phase: 'thinking' }>;
const nothing: Usage = { inputTokens: 0, outputTokens: 0 };
const refuse = (code: string): Decided => ({ ok: false, code });
const accept = (events: readonly TurnEvent[], effects: readonly EffectRequest<TurnEffect>[] = []): Decided => ({
  ok: true,
  events,
  effects,
});

function think(attempt: number, lastFailure?: string, isPoisoned?: true): EffectRequest<ThinkEffect> {
  const data: ThinkEffect['data'] = {
    attempt,
    ...(lastFailure === undefined ? {} : { lastFailure }),
    ...(isPoisoned === undefined ? {} : { isFirstModelAvoided: true }),
  };
  return { key: `think/${attempt}`, effect: { type: 'think', data }, isIdempotent: true };
}

/** The model is away or busy: the turn stays as it is and is asked for again later. Told once an outage. */
function wait(state: Thinking, failure: PassingFailure, at: Instant): Decided {
  const { floor, waitingSince: since = at } = state;
  const { round, side } = floor;
  const { code } = failure;
  const reason = failure.reason.slice(0, reasonCharacters);
  const data = { awaits: 'turn', round, side, ...asked(state), since, code, reason } as const;
  const events: TurnEvent[] = state.waitingSince === undefined ? [{ type: 'model-waiting.v1', data }] : [];
  return accept(events, [waitFor(failure.key, at, nextTryAt(at, since, floor.deadlineAt, failure))]);
}

/** A timer that an earlier attempt left behind asks for nothing. */
function thinkAgain(state: Thinking, key: string, at: Instant): Decided {
  const { attempts, lastFailure, isPoisoned } = state;
  const next = think(attempts, lastFailure, isPoisoned);
  if (waitedFor(key) !== baseOf(next.key)) return refuse('NOT_WAITING');
  return accept([], [{ ...next, key: againAt(next.key, at) }]);
}

/** Says which asking is answered: the floor may have been taken away and given again. */
const asked = ({ floor }: Thinking) => (floor.attempt > 1 ? { attempt: floor.attempt } : {});

function reply(state: Thinking, thought: Thought, text: string): Decided {
  const { round, side } = state.floor;
  const { model, isRehearsal, concedes = false, citations = [] } = thought;
  const usage = sum(state.spent, thought.usage);
  const data = {
    round,
    side,
    text,
    model,
    isRehearsal,
    usage,
    attempts: state.attempts,
    ...asked(state),
    concedes,
    citations: [...citations],
  };
  return accept([{ type: 'turn-replied.v1', data }]);
}

function again(state: Thinking, code: string, reason: string, { model, ...usage }: Spent, at: number): Decided {
  const used = { usage, ...(model === undefined ? {} : { model }) };
  const failed: TurnEvent = { type: 'attempt-failed', data: { reason, code, ...used } };
  const isLate = at >= state.floor.deadlineAt;
  const isPoison = code === poison;
  const isHopeless = hopeless.has(code) || (isPoison && state.isPoisoned === true);
  if (state.attempts <= maxRetryCount && !isHopeless && !isLate) {
    return accept([failed], [think(state.attempts + 1, reason, isPoison ? true : state.isPoisoned)]);
  }
  const { round, side } = state.floor;
  const { model: by, ...all } = spentOn(state, used);
  const cost =
    all.inputTokens + all.outputTokens === 0 ? {} : { usage: all, ...(by === undefined ? {} : { model: by }) };
  const why = { code: isLate ? deadlinePassed : code, reason, attempts: state.attempts };
  return accept([failed, { type: 'turn-failed.v1', data: { round, side, ...why, ...asked(state), ...cost } }]);
}

function spentOn({ spent }: Thinking, { usage, model }: { readonly usage: Usage; readonly model?: string }): Spent {
  const by = model ?? spent.model;
  return { ...sum(spent, usage), ...(by === undefined ? {} : { model: by }) };
}

function sum(a: Usage, b: Usage): Usage {
  return { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };
}
