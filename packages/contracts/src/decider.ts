/** Milliseconds since 1970-01-01T00:00:00Z, by the database's clock. */
export type Instant = number;

/** A value that survives JSON unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A fact or request with a name; what inputs, events and effects have in common. */
export interface Named {
  readonly type: string;
}

/** Work outside the decider. Executed under a lease after the commit; its result comes back as an input. */
export interface EffectRequest<Effect extends Named = Named> {
  /** Unique within the stream: asking for the same key twice is one effect. */
  readonly key: string;
  readonly effect: Effect;
  /** False when doing it twice does harm: after a crash with unknown outcome it is then reported, not repeated. */
  readonly isIdempotent: boolean;
  /** Earliest start. A timer is an effect that has nothing to do but to become due. */
  readonly dueAt?: Instant;
}

export type Decision<Event extends Named = Named, Effect extends Named = Named> =
  | {
      readonly ok: true;
      /** Facts to append, in order. */
      readonly events: readonly Event[];
      readonly effects: readonly EffectRequest<Effect>[];
    }
  /** An expected "no": counted and acknowledged, never retried. */
  | { readonly ok: false; readonly code: string };

/**
 * A durable state machine. `decide` and `evolve` are pure: no clock, no random, no I/O; time and ids come in with
 * the input. Source: the decider, J. Chassaing 2021, Functional Event Sourcing Decider.
 */
export interface Decider<State, Input extends Named, Event extends Named, Effect extends Named> {
  readonly kind: string;
  initial(): State;
  decide(state: State, input: Input, at: Instant): Decision<Event, Effect>;
  /** Ignores events that it does not know, so that an older build can read a newer log. */
  evolve(state: State, event: Event): State;
  /** A finished stream's open effects and timers are dropped with the event that finished it. */
  isFinished(state: State): boolean;
}

/** The spine's answer to an effect. `code` is an ErrorCode; `effect` is the effect's own type. */
export type EffectOutcome =
  | {
      readonly type: 'effect.succeeded';
      readonly effect: string;
      readonly key: string;
      readonly result: Json;
    }
  | {
      readonly type: 'effect.failed';
      readonly effect: string;
      readonly key: string;
      readonly code: string;
      readonly reason: string;
      /** The same work may succeed later: a server was away or busy. Absent: trying again changes nothing. */
      readonly isPassing?: boolean;
      /** The server's own wish for how long to wait, in milliseconds. */
      readonly retryAfterMs?: number;
    }
  | {
      readonly type: 'effect.outcome-unknown';
      readonly effect: string;
      readonly key: string;
    };
