// A replay: a finished debate judged again by other rules, in a stream of its own. What leaves each of its states:
//   new     --replay-->                  judging
//   judging --effect succeeded-->        done
//   judging --model away or busy-->      judging, after a wait
//   judging --effect failed or unknown--> done
//   done    --nothing-->
import {
  againAt,
  type Decider,
  type Decision,
  type EffectOutcome,
  type Fact,
  type Instant,
  isPassing,
  type PassingFailure,
  reasonCharacters,
  type WaitEffect,
  waitedFor,
  waitFor,
} from '@parley/contracts';
import { type ReplayFinishedV1, type ReplayRules, replaySeconds } from '@parley/contracts/debate';

export type ReplayState =
  | { readonly phase: 'new' }
  | {
      readonly phase: 'judging';
      readonly debate: string;
      /** Rules of the replay; absent in a state of an earlier build, which does not wait. */
      readonly rules?: ReplayRules;
      readonly until?: Instant | undefined;
      /** Time of the first in a series of failures that may pass, of the judge; absent while it answers. */
      readonly waitingSince?: Instant;
    }
  | { readonly phase: 'done' };

/** The command with the debate that it is about: the message's subject. */
export type ReplayInput =
  | { readonly type: 'replay-debate.v1'; readonly data: { readonly debate: string; readonly rules: ReplayRules } }
  | EffectOutcome;

export type ReplayEvent = Fact<'replay-started.v1' | 'replay-waiting.v1' | 'replay-finished.v1' | 'replay-failed.v1'>;

export interface ReplayEffect {
  readonly type: 'replay';
  readonly data: { readonly debate: string; readonly rules: ReplayRules; readonly until?: Instant };
}

const effectKey = 'replay';

/** What the effect answers with: the whole comparison, or why there is none. */
export type ReplayAnswer = Omit<ReplayFinishedV1, 'debate'> | { readonly refusal: string };

export const replay: Decider<ReplayState, ReplayInput, ReplayEvent, ReplayEffect | WaitEffect> = {
  kind: 'replay',
  initial: () => ({ phase: 'new' }),

  decide(state, input, at) {
    switch (input.type) {
      case 'replay-debate.v1': {
        if (state.phase !== 'new') return { ok: false, code: 'ALREADY_STARTED' };
        const { debate, rules } = input.data;
        const until = at + replaySeconds * 1000;
        const effect: ReplayEffect = { type: 'replay', data: { debate, rules, until } };
        return {
          ok: true,
          events: [{ type: 'replay-started.v1', data: { debate, rules, until } }],
          effects: [{ key: effectKey, effect, isIdempotent: true }],
        };
      }
      case 'effect.succeeded': {
        if (waitedFor(input.key) !== undefined) return again(state, at);
        const answer = input.result as unknown as ReplayAnswer;
        return 'refusal' in answer ? failed(state, answer.refusal) : finished(state, answer);
      }
      case 'effect.failed':
        if (waitedFor(input.key) !== undefined) return again(state, at);
        return isPassing(input) && mayWait(state, at) ? wait(state, input, at) : failed(state, input.reason);
      case 'effect.outcome-unknown':
        return failed(state, 'what became of the replay is unknown');
      default:
        input satisfies never;
        return { ok: false, code: 'UNKNOWN_INPUT' };
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'replay-started.v1':
        return { phase: 'judging', ...event.data };
      case 'replay-waiting.v1':
        return state.phase === 'judging' ? { ...state, waitingSince: event.data.since } : state;
      case 'replay-finished.v1':
      case 'replay-failed.v1':
        return { phase: 'done' };
      default:
        return state;
    }
  },

  isFinished: (state) => state.phase === 'done',
};

type Waiting = Extract<ReplayState, { phase: 'judging' }> & { readonly rules: ReplayRules; readonly until: Instant };
type Decided = Decision<ReplayEvent, ReplayEffect | WaitEffect>;

function mayWait(state: ReplayState, at: Instant): state is Waiting {
  return state.phase === 'judging' && state.rules !== undefined && state.until !== undefined && at < state.until;
}

/** The judge is away: it is asked again later. Told once. */
function wait(state: Waiting, failure: PassingFailure, at: Instant): Decided {
  const { debate, until, waitingSince: since = at } = state;
  const reason = failure.reason.slice(0, reasonCharacters);
  const told = state.waitingSince === undefined;
  return {
    ok: true,
    events: told ? [{ type: 'replay-waiting.v1', data: { debate, since, reason } }] : [],
    effects: [waitFor(failure, since, at, until)],
  };
}

/** Asks for a replay once more when its time is up: then it says where the debate would have stopped, unjudged. */
function again(state: ReplayState, at: Instant): Decided {
  if (state.phase !== 'judging' || state.rules === undefined || state.until === undefined)
    return { ok: false, code: 'NOT_JUDGING' };
  const { debate, rules, until } = state;
  const effect: ReplayEffect = { type: 'replay', data: { debate, rules, until } };
  return { ok: true, events: [], effects: [{ key: againAt(effectKey, at), effect, isIdempotent: true }] };
}

function finished(state: ReplayState, answer: Omit<ReplayFinishedV1, 'debate'>): Decision<ReplayEvent, ReplayEffect> {
  if (state.phase !== 'judging') return { ok: false, code: 'NOT_JUDGING' };
  return { ok: true, events: [{ type: 'replay-finished.v1', data: { debate: state.debate, ...answer } }], effects: [] };
}

function failed(state: ReplayState, reason: string): Decision<ReplayEvent, ReplayEffect> {
  if (state.phase !== 'judging') return { ok: false, code: 'NOT_JUDGING' };
  return { ok: true, events: [{ type: 'replay-failed.v1', data: { debate: state.debate, reason } }], effects: [] };
}
