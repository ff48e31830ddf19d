import type { Decider, EffectOutcome, Instant, Named } from '@parley/contracts';
import { type Kind, timerEffect } from '../src/index.ts';

interface Count {
  readonly inputs: number;
  readonly total: number;
  readonly isEnded: boolean;
}
export type CounterInput =
  | { readonly type: 'add'; readonly by: number; readonly text?: string }
  | { readonly type: 'explode' | 'break' | 'end' };
interface CounterEvent extends Named {
  readonly data: { readonly by: number; readonly text: string };
}

/** Makes `explode` harmless, as a new build would. */
export const build = { isFixed: false };

/** Counts. Refuses what is negative, throws at `explode`, and `break` leads to what no database takes. */
export const counter: Decider<Count, CounterInput, CounterEvent, never> = {
  kind: 'counter',
  initial: () => ({ inputs: 0, total: 0, isEnded: false }),
  decide(state, input) {
    const added = (type: string, by: number, text = '') => ({
      ok: true as const,
      events: [{ type, data: { by, text } }],
      effects: [],
    });
    if (state.isEnded) return { ok: false, code: 'ENDED' };
    switch (input.type) {
      case 'add':
        return input.by < 0 ? { ok: false, code: 'NEGATIVE' } : added('added', input.by, input.text);
      case 'explode':
        if (!build.isFixed) throw new Error('the counter exploded\0');
        return added('added', 0);
      case 'break':
        return added(build.isFixed ? 'added' : 'no\0type', 0);
      case 'end':
        return added('ended', 0);
    }
  },
  evolve: (state, { type, data }) => ({
    inputs: state.inputs + 1,
    total: state.total + data.by,
    isEnded: state.isEnded || type === 'ended',
  }),
  isFinished: (state) => state.isEnded,
};

interface Asking {
  readonly answers: number;
  readonly isEnded: boolean;
}
export type AskerInput =
  | EffectOutcome
  | {
      readonly type: 'ask';
      readonly keys: readonly string[];
      readonly isIdempotent?: boolean;
      readonly retries?: boolean;
    }
  | { readonly type: 'ring'; readonly afterMs: number; readonly name?: string }
  | { readonly type: 'end' };
type AskerEffect = {
  readonly type: 'work' | 'breaking' | typeof timerEffect;
  readonly retries?: boolean;
  readonly data?: { readonly name: string };
};
interface AskerEvent extends Named {
  readonly data: Readonly<Record<string, unknown>>;
}

/** Asks for effects and timers and writes down every answer. An answer to `breaking` leads to what no database takes. */
export const asker: Decider<Asking, AskerInput, AskerEvent, AskerEffect> = {
  kind: 'asker',
  initial: () => ({ answers: 0, isEnded: false }),
  decide(state, input, at: Instant) {
    switch (input.type) {
      case 'ask':
        return {
          ok: true,
          events: [{ type: 'asked', data: {} }],
          effects: input.keys.map((key) => ({
            key,
            effect: { type: key.startsWith('breaking') ? 'breaking' : 'work' },
            isIdempotent: input.isIdempotent ?? true,
          })),
        };
      case 'ring': {
        const dueAt = at + input.afterMs;
        const effect = {
          type: timerEffect,
          ...(input.name === undefined ? {} : { data: { name: input.name } }),
        } as const;
        const effects = [{ key: `ring${input.name ?? ''}`, effect, isIdempotent: true, dueAt }];
        return { ok: true, events: [{ type: 'set', data: { dueAt } }], effects };
      }
      case 'end':
        return { ok: true, events: [{ type: 'ended', data: {} }], effects: [] };
      default: {
        if (input.type === 'effect.failed' && input.code === 'MODEL_OVERLOADED') {
          // Nothing to write down: it is asked again and that is all.
          const again = { key: `${input.key}+`, effect: { type: 'work' }, isIdempotent: true } as const;
          return { ok: true, events: [], effects: [again] };
        }
        const type = input.effect === 'breaking' && !build.isFixed ? 'no\0type' : 'answered';
        return { ok: true, events: [{ type, data: { ...input, at, number: state.answers + 1 } }], effects: [] };
      }
    }
  },
  evolve: (state, { type }) => ({
    answers: state.answers + (type === 'answered' ? 1 : 0),
    isEnded: state.isEnded || type === 'ended',
  }),
  isFinished: (state) => state.isEnded,
};

export const kinds: readonly Kind[] = [
  {
    decider: counter,
    publish: (event: CounterEvent, stream) =>
      event.type === 'added' ? { topic: 'counter.events', subject: stream } : undefined,
  },
  { decider: asker, publish: () => undefined },
];
