// What is decided in each of the states that run-state.ts names.

import {
  baseOf,
  type Decider,
  type EffectOutcome,
  type Instant,
  isPassing,
  type PassingFailure,
  reasonCharacters,
  type Usage,
  waitedFor,
  waitFor,
} from '@parley/contracts';
import { answered } from './answer.ts';
import { evolveRun } from './evolve-run.ts';
import type { CallResult, Going, OpenCall, RunEffect, RunEvent, RunInput, RunState, Thought } from './run-state.ts';
import { again, callOf, type Decided, refuse, settle, thinkOf } from './settle.ts';
import { thoughtOf } from './thought.ts';

/** Thoughts in a row that may be of no use before the run is given up. */
export const maxRetryCount = 3;

/** Failures of a model that asking again cannot mend. */
const hopeless = new Set(['MODEL_NOT_FOUND', 'MODEL_REFUSED', 'TOKEN_BUDGET_SPENT']);

/** Code of a tool's failure that leaves open whether its work was done. */
export const outcomeUnknown = 'TOOL_OUTCOME_UNKNOWN';

/** A run of an agent: it thinks, acts by tools, and replies. */
export const run: Decider<RunState, RunInput, RunEvent, RunEffect> = {
  kind: 'run',
  initial: () => ({ phase: 'new' }),

  decide(state, input, at): Decided {
    if (input.type === 'start-run.v1') {
      if (state.phase !== 'new') return refuse('ALREADY_STARTED');
      const deadlineAt = at + input.data.limits.seconds * 1_000;
      const deadline = { type: 'timer', data: { name: 'deadline' } } as const;
      const timer = { key: 'deadline', effect: deadline, isIdempotent: true, dueAt: deadlineAt };
      return settle(state, [{ type: 'run-started.v1', data: { ...input.data, deadlineAt } }], [timer]);
    }
    if (state.phase !== 'going') return refuse(state.phase === 'new' ? 'NOT_STARTED' : 'ALREADY_CLOSED');
    switch (input.type) {
      case 'cancel-run.v1':
        return settle(state, [{ type: 'run-cancelled.v1', data: { ...input.data, used: state.used } }]);
      case 'add-message.v1':
        return settle(state, [{ type: 'message-added.v1', data: input.data }]);
      case 'answer-question.v1':
        return answered(state, input.data);
      case 'effect.succeeded':
      case 'effect.failed':
      case 'effect.outcome-unknown':
        return heard(state, input, at);
      default:
        input satisfies never;
        return refuse('UNKNOWN_INPUT');
    }
  },

  evolve: evolveRun,
  isFinished: ({ phase }) => phase === 'over',
};

/** What comes of an effect. */
function heard(state: Going, outcome: EffectOutcome, at: Instant): Decided {
  if (outcome.key === 'deadline') return fail(state, 'DEADLINE_PASSED', 'The time of the run is up.');
  const waited = waitedFor(outcome.key);
  // However its timer was answered, the wait is over.
  if (waited !== undefined) return goOn(state, waited, at);
  const key = baseOf(outcome.key);
  if (key === thinkOf(state).key && state.asked > state.heard) return thoughtHeard(state, outcome, at);
  const call = state.open.find((open) => open.phase === 'running' && callOf(open, open.attempt).key === key);
  return call === undefined ? refuse('NOT_WAITING') : callHeard(state, call, outcome, at);
}

function thoughtHeard(state: Going, outcome: EffectOutcome, at: Instant): Decided {
  if (outcome.type === 'effect.succeeded') {
    const thought = outcome.result as unknown as Thought;
    if (!('rejected' in thought)) return thoughtOf(state, thought, reject);
    const { rejected, model, usage } = thought;
    return reject(state, rejected.code, rejected.reason, { model, usage });
  }
  if (outcome.type === 'effect.outcome-unknown') return reject(state, 'EFFECT_OUTCOME_UNKNOWN', 'Nobody knows.');
  if (!isPassing(outcome) || at >= state.deadlineAt) return reject(state, outcome.code, outcome.reason);
  const { waitingSince: since = at } = state;
  return wait(state, outcome, since, at, state.waitingSince === undefined ? {} : undefined);
}

function callHeard(state: Going, open: OpenCall, outcome: EffectOutcome, at: Instant): Decided {
  const { call, attempt } = open;
  switch (outcome.type) {
    case 'effect.succeeded':
      return settle(state, [
        { type: 'call-succeeded.v1', data: { call, ...(outcome.result as unknown as CallResult) } },
      ]);
    case 'effect.outcome-unknown':
      return askOutcome(state, open);
    case 'effect.failed': {
      if (open.class === 'once' && outcome.code === outcomeUnknown) return askOutcome(state, open);
      // What harms twice is not tried twice: the model hears that it failed.
      if (isPassing(outcome) && open.class !== 'once' && at < state.deadlineAt) {
        const { waitingSince: since = at } = open;
        return wait(state, outcome, since, at, open.waitingSince === undefined ? { call } : undefined);
      }
      const { code } = outcome;
      const reason = outcome.reason.slice(0, reasonCharacters);
      return settle(state, [{ type: 'call-failed.v1', data: { call, attempt, code, reason } }]);
    }
  }
}

/** A call that harms twice is not made again by itself: a person says what became of it. */
function askOutcome(state: Going, { call, tool, attempt }: OpenCall): Decided {
  const text = `Nobody knows whether "${tool}" did its work: its process ended, or it gave no clear answer. Was it done?`;
  const asked = { question: `${call}/outcome/${attempt}`, about: 'outcome', call, text } as const;
  return settle(state, [{ type: 'question-asked.v1', data: { ...asked, expiresAt: state.deadlineAt } }]);
}

/** Something is away or busy: it is asked again later. Told once an outage, where `told` is given. */
function wait(
  state: Going,
  failure: PassingFailure,
  since: Instant,
  at: Instant,
  told: { readonly call?: string } | undefined,
): Decided {
  const { code } = failure;
  const reason = failure.reason.slice(0, reasonCharacters);
  const events: RunEvent[] =
    told === undefined ? [] : [{ type: 'run-waiting.v1', data: { ...told, since, code, reason } }];
  return { ok: true, events, effects: [waitFor(failure, since, at, state.deadlineAt)] };
}

/** The wait is over. A timer that an earlier attempt left behind asks for nothing. */
function goOn(state: Going, waited: string, at: Instant): Decided {
  const think = thinkOf(state);
  const isThinking = state.asked > state.heard;
  if (isThinking && waited === think.key) return { ok: true, events: [], effects: [again(think, at)] };
  const open = state.open.find((call) => call.phase === 'running' && callOf(call, call.attempt).key === waited);
  if (open === undefined) return refuse('NOT_WAITING');
  return { ok: true, events: [], effects: [again(callOf(open, open.attempt), at)] };
}

/** The thought is of no use: the next one is told why, until it is given up. */
function reject(
  state: Going,
  code: string,
  why: string,
  spent: { readonly model?: string; readonly usage?: Usage } = {},
): Decided {
  const reason = why.slice(0, reasonCharacters);
  const rejected: RunEvent = {
    type: 'thought-rejected.v1',
    data: { agent: state.agent, thought: state.asked, code, reason, ...spent },
  };
  if (state.rejections < maxRetryCount && !hopeless.has(code)) return settle(state, [rejected]);
  return fail(state, code, reason, [rejected]);
}

function fail(state: Going, code: string, reason: string, before: readonly RunEvent[] = []): Decided {
  const after = before.reduce(evolveRun, state as RunState);
  const { used } = after.phase === 'going' ? after : state;
  return settle(state, [...before, { type: 'run-failed.v1', data: { code, reason, used } }]);
}
