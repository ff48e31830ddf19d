// A replay: a finished debate judged again by other rules, in a stream of its own. What leaves each of its states:
//   new     --replay-->                  judging
//   judging --effect succeeded-->        done
//   judging --effect failed or unknown--> done
//   done    --nothing-->
import type { Decision, EffectOutcome, Fact, Process, ReplayFinishedV1, ReplayRules } from '@parley/contracts';

export type ReplayState =
  | { readonly phase: 'new' }
  | { readonly phase: 'judging'; readonly debate: string }
  | { readonly phase: 'done' };

/** The command with the debate that it is about: the message's subject. */
export type ReplayInput =
  | { readonly type: 'replay-debate.v1'; readonly data: { readonly debate: string; readonly rules: ReplayRules } }
  | EffectOutcome;

export type ReplayEvent = Fact<'replay-started.v1' | 'replay-finished.v1' | 'replay-failed.v1'>;

export type ReplayEffect = {
  readonly type: 'replay';
  readonly data: { readonly debate: string; readonly rules: ReplayRules };
};

/** What the effect answers with: the whole comparison, or why there is none. */
export type ReplayAnswer = Omit<ReplayFinishedV1, 'debate'> | { readonly refusal: string };

export const replay: Process<ReplayState, ReplayInput, ReplayEvent, ReplayEffect> = {
  kind: 'replay',
  initial: () => ({ phase: 'new' }),

  decide(state, input) {
    switch (input.type) {
      case 'replay-debate.v1': {
        if (state.phase !== 'new') return { ok: false, code: 'ALREADY_STARTED' };
        const { debate, rules } = input.data;
        const effect: ReplayEffect = { type: 'replay', data: { debate, rules } };
        return {
          ok: true,
          events: [{ type: 'replay-started.v1', data: { debate, rules } }],
          effects: [{ key: 'replay', effect, isIdempotent: true }],
        };
      }
      case 'effect.succeeded': {
        const answer = input.result as unknown as ReplayAnswer;
        return 'refusal' in answer ? failed(state, answer.refusal) : finished(state, answer);
      }
      case 'effect.failed':
        return failed(state, input.reason);
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
        return { phase: 'judging', debate: event.data.debate };
      case 'replay-finished.v1':
      case 'replay-failed.v1':
        return { phase: 'done' };
      default:
        return state;
    }
  },

  isFinished: (state) => state.phase === 'done',
};

function finished(state: ReplayState, answer: Omit<ReplayFinishedV1, 'debate'>): Decision<ReplayEvent, ReplayEffect> {
  if (state.phase !== 'judging') return { ok: false, code: 'NOT_JUDGING' };
  return { ok: true, events: [{ type: 'replay-finished.v1', data: { debate: state.debate, ...answer } }], effects: [] };
}

function failed(state: ReplayState, reason: string): Decision<ReplayEvent, ReplayEffect> {
  if (state.phase !== 'judging') return { ok: false, code: 'NOT_JUDGING' };
  return { ok: true, events: [{ type: 'replay-failed.v1', data: { debate: state.debate, reason } }], effects: [] };
}
