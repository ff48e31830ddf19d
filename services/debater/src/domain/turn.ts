// One turn of one side, and what leaves each of its states:
//   new       --floor given-->            thinking
//   thinking  --text that can be used-->  replied
//   thinking  --text that cannot, model failed--> thinking, with the reason | failed
//   thinking  --withdrawn-->              withdrawn
//   replied, failed, withdrawn --nothing-->
import type { Citation, Decision, EffectOutcome, EffectRequest, Fact, Floor, Process, Usage } from '@parley/contracts';
import type { Compacted } from './context.ts';
import { judgeText } from './text.ts';

/** What has to be known of a floor to answer it. The whole of it stands in the log, evidence and all, once. */
type Asked = Pick<Floor, 'round' | 'side' | 'attempt' | 'deadlineAt' | 'tokensLeft'>;

/** Tokens of attempts that gave no turn, and the last model that used some. */
type Spent = Usage & { readonly model?: string };

export type TurnState =
  | { readonly phase: 'new' }
  | { readonly phase: 'thinking'; readonly floor: Asked; readonly attempts: number; readonly spent: Spent }
  | { readonly phase: 'done' };

export type TurnInput =
  | { readonly type: 'give-floor'; readonly data: { readonly floor: Floor; readonly opponentText: string | null } }
  | { readonly type: 'withdraw-floor' }
  | EffectOutcome;

export type TurnEvent =
  | { readonly type: 'floor-given'; readonly data: { readonly floor: Floor; readonly opponentText: string | null } }
  | {
      readonly type: 'attempt-failed';
      readonly data: { readonly reason: string; readonly usage: Usage; readonly model?: string };
    }
  | { readonly type: 'floor-withdrawn'; readonly data: Record<string, never> }
  | { readonly type: 'memory-compacted'; readonly data: Compacted }
  | Fact<'turn-replied.v1' | 'turn-failed.v1'>;

/** Ask the model for the words of this turn. */
export interface ThinkEffect {
  readonly type: 'think';
  readonly data: { readonly attempt: number; readonly lastFailure?: string };
}

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
const hopeless = new Set(['MODEL_NOT_FOUND', 'EFFECT_POISON', 'TOKEN_BUDGET_SPENT']);

/** The debate's time was up: no fault of the debater's. */
const deadlinePassed = 'DEADLINE_PASSED';

type Decided = Decision<TurnEvent, ThinkEffect>;

export const turn: Process<TurnState, TurnInput, TurnEvent, ThinkEffect> = {
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
        return { ...state, attempts: state.attempts + 1, spent: spentOn(state, event.data) };
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
const accept = (events: readonly TurnEvent[], effects: readonly EffectRequest<ThinkEffect>[] = []): Decided => ({
  ok: true,
  events,
  effects,
});

function think(attempt: number, lastFailure?: string): EffectRequest<ThinkEffect> {
  const data = { attempt, ...(lastFailure === undefined ? {} : { lastFailure }) };
  return { key: `think/${attempt}`, effect: { type: 'think', data }, isIdempotent: true };
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
  const failed: TurnEvent = { type: 'attempt-failed', data: { reason, ...used } };
  const isLate = at >= state.floor.deadlineAt;
  if (state.attempts <= maxRetryCount && !hopeless.has(code) && !isLate) {
    return accept([failed], [think(state.attempts + 1, reason)]);
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
