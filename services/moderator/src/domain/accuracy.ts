// A day's sample of one tenant: turns and verdicts that are looked at again. What leaves each of its states:
//   new  --sample-->        open: one check is asked for
//   open --sample-->        open: one more, while the day's tokens last
//   open --checked-->       open
//   open --model away or busy--> open: the check is made later
//   open --the day is over--> ended: what was not looked at by then is not
import {
  againAt,
  baseOf,
  type Decider,
  type Decision,
  type EffectOutcome,
  type Fact,
  type Instant,
  isPassing,
  reasonCharacters,
  type WaitEffect,
  waitedFor,
  waitUntil,
} from '@parley/contracts';
import type { AccuracyCheckedV1, Side } from '@parley/contracts/debate';

export type AccuracyState =
  | { readonly phase: 'new' }
  | { readonly phase: 'open'; readonly tokens: number; readonly open: number }
  | { readonly phase: 'ended' };

/** What is looked at: a turn, or the verdict. */
export interface Sample {
  readonly debate: string;
  readonly turn?: { readonly round: number; readonly side: Side };
}

export type AccuracyInput =
  | { readonly type: 'sample'; readonly data: Sample & { readonly endsAt: Instant } }
  | EffectOutcome;

export type AccuracyEvent =
  | { readonly type: 'check-asked'; readonly data: Sample }
  | { readonly type: 'sampling-ended'; readonly data: Record<string, never> }
  | Fact<'accuracy-checked.v1'>;

export type AccuracyEffect =
  | { readonly type: 'timer'; readonly data: { readonly name: 'day-over' } }
  | WaitEffect
  | { readonly type: 'check'; readonly data: Sample };

/** What the check answers with. */
export type CheckAnswer = Pick<AccuracyCheckedV1, 'results' | 'model' | 'usage'>;

/** Tokens that a check may use: as long as it is open, they count as used. */
export const tokensReserved = 3_000;

/** Pause before a check whose model was away, in milliseconds: nobody waits for it. */
const pauseMs = 60_000;

/** @param tokensPerDay what the checks of one tenant may use in a day (UTC) */
export function createAccuracy(
  tokensPerDay: number,
): Decider<AccuracyState, AccuracyInput, AccuracyEvent, AccuracyEffect> {
  return {
    kind: 'accuracy',
    initial: () => ({ phase: 'new' }),

    decide(state, input, at) {
      if (state.phase === 'ended') return refuse('DAY_OVER');
      switch (input.type) {
        case 'sample': {
          const { tokens, open } = state.phase === 'new' ? { tokens: 0, open: 0 } : state;
          if (tokens + (open + 1) * tokensReserved > tokensPerDay) return refuse('SAMPLE_BUDGET_SPENT');
          return ask(input.data);
        }
        case 'effect.succeeded':
        case 'effect.failed':
        case 'effect.outcome-unknown':
          if (state.phase === 'new') return refuse('NOT_SAMPLING');
          if (input.effect === 'timer') return rung(input.key, at);
          if (isPassing(input)) {
            const dueAt = at + Math.max(pauseMs, input.retryAfterMs ?? 0);
            return accept([], [waitUntil(input, at, dueAt)]);
          }
          return accept([{ type: 'accuracy-checked.v1', data: checked(input) }]);
        default:
          input satisfies never;
          return refuse('UNKNOWN_INPUT');
      }
    },

    evolve(state, event) {
      const { tokens, open } = state.phase === 'open' ? state : { tokens: 0, open: 0 };
      switch (event.type) {
        case 'check-asked':
          return { phase: 'open', tokens, open: open + 1 };
        case 'accuracy-checked.v1': {
          const { inputTokens, outputTokens } = event.data.usage ?? { inputTokens: 0, outputTokens: 0 };
          return { phase: 'open', tokens: tokens + inputTokens + outputTokens, open: open - 1 };
        }
        case 'sampling-ended':
          return { phase: 'ended' };
        default:
          return state;
      }
    },

    isFinished: (state) => state.phase === 'ended',
  };
}

function ask({ endsAt, ...sample }: Sample & { readonly endsAt: Instant }): Decision<AccuracyEvent, AccuracyEffect> {
  return accept(
    [{ type: 'check-asked', data: sample }],
    [
      { key: keyOf(sample), effect: { type: 'check', data: sample }, isIdempotent: true },
      { key: 'day-over', effect: { type: 'timer', data: { name: 'day-over' } }, isIdempotent: true, dueAt: endsAt },
    ],
  );
}

function rung(key: string, at: Instant): Decision<AccuracyEvent, AccuracyEffect> {
  const waited = waitedFor(key);
  if (waited === undefined) return accept([{ type: 'sampling-ended', data: {} }]);
  const effect: AccuracyEffect = { type: 'check', data: sampleOf(waited) };
  return accept([], [{ key: againAt(waited, at), effect, isIdempotent: true }]);
}

const keyOf = ({ debate, turn }: Sample): string =>
  turn === undefined ? `${debate}/verdict` : `${debate}/${turn.round}/${turn.side}`;

function sampleOf(key: string): Sample {
  const [debate = '', round = '', side] = key.split('/');
  return side === undefined ? { debate } : { debate, turn: { round: Number(round), side: side as Side } };
}

/** A check that failed says nothing about what it was to look at. */
function checked(outcome: EffectOutcome): AccuracyCheckedV1 {
  const of = { agent: 'sampler', ...sampleOf(baseOf(outcome.key)) } as const;
  if (outcome.type === 'effect.succeeded') return { ...of, ...(outcome.result as unknown as CheckAnswer) };
  const skipped =
    outcome.type === 'effect.failed' ? outcome.reason.slice(0, reasonCharacters) : 'its outcome is unknown';
  return { ...of, results: [], skipped };
}

const refuse = (code: string) => ({ ok: false, code }) as const;
const accept = (
  events: readonly AccuracyEvent[],
  effects: Extract<Decision<AccuracyEvent, AccuracyEffect>, { ok: true }>['effects'] = [],
): Decision<AccuracyEvent, AccuracyEffect> => ({ ok: true, events, effects });
