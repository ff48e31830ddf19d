// What is decided in each of the states that turn-state.ts names.
import {
  addUsage,
  type Decider,
  type Instant,
  isPassing,
  noUsage,
  type PassingFailure,
  reasonCharacters,
  type Usage,
  waitedFor,
} from '@parley/contracts';
import { judgeText } from './text.ts';
import type { Spent, Thinking, Thought, TurnEffect, TurnEvent, TurnInput, TurnState } from './turn-state.ts';
import { accept, asked, type Decided, declare, goOn, refuse, think, wait } from './turn-waits.ts';

export type { DeclareEffect, ThinkEffect, Thought, TurnEffect, TurnEvent, TurnInput, TurnState } from './turn-state.ts';

/** Times that a turn is asked again when the model fails or says nothing usable. */
export const maxRetryCount = 3;

/** Failures that another attempt cannot mend. */
const hopeless = new Set(['MODEL_NOT_FOUND', 'MODEL_REFUSED', 'TOKEN_BUDGET_SPENT']);

/** Code of an attempt that ended with its process too often to be made again. */
const poison = 'EFFECT_POISON';

/** The debate's time was up: no fault of the debater's. */
const deadlinePassed = 'DEADLINE_PASSED';

export const turn: Decider<TurnState, TurnInput, TurnEvent, TurnEffect> = {
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
        if (waitedFor(input.key) !== undefined) return goOn(state, input.key, at);
        const thought = input.result as unknown as Thought;
        const judged = judgeText(thought.text);
        const decided = judged.ok
          ? replyOrDraft(state, thought, judged.text, at)
          : again(state, 'MODEL_GARBAGE', judged.reason, { ...thought.usage, model: thought.model }, at);
        const { compacted } = thought;
        return compacted === undefined || !decided.ok
          ? decided
          : { ...decided, events: [{ type: 'memory-compacted', data: compacted }, ...decided.events] };
      }
      case 'effect.failed':
        // However its timer was answered, the wait is over.
        if (waitedFor(input.key) !== undefined) return goOn(state, input.key, at);
        if (isPassing(input) && at < state.floor.deadlineAt) return wait(state, input, at);
        return again(state, input.code, input.reason, noUsage, at);
      case 'effect.outcome-unknown':
        return again(state, 'EFFECT_OUTCOME_UNKNOWN', 'the outcome of the model call is unknown', noUsage, at);
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
        return { phase: 'thinking', floor, attempts: 1, spent: noUsage };
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
      case 'turn-drafted':
        return state.phase === 'thinking' ? { ...state, isDrafted: true } : state;
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

/** Words that may give up the debate are kept until the model can be asked what they mean. */
function replyOrDraft(state: Thinking, thought: Thought, text: string, at: Instant): Decided {
  const { undeclared, ...rest } = thought;
  if (undeclared === undefined || at >= state.floor.deadlineAt) return reply(state, rest, text);
  const { key } = declare(state.attempts);
  const failure: PassingFailure = { type: 'effect.failed', effect: 'declare', key, isPassing: true, ...undeclared };
  const waiting = wait(state, failure, at);
  const drafted: TurnEvent[] = state.isDrafted === true ? [] : [{ type: 'turn-drafted', data: { thought: rest } }];
  return waiting.ok ? { ...waiting, events: [...drafted, ...waiting.events] } : waiting;
}

function reply(state: Thinking, thought: Thought, text: string): Decided {
  const { round, side } = state.floor;
  const { model, isRehearsal, concedes = false, citations = [] } = thought;
  const usage = addUsage(state.spent, thought.usage);
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
  return { ...addUsage(spent, usage), ...(by === undefined ? {} : { model: by }) };
}
