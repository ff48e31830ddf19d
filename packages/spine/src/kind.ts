import type { Decider, Instant, Json, Named } from '@parley/contracts';

/** The effect type of a timer: nothing to do but to become due. */
export const timerEffect = 'timer';

/** Topic and subject under which an event is told to others, and what its receivers may still spend. */
export interface Announcement {
  readonly topic: string;
  /** The partition key over there. */
  readonly subject: string;
  /** Time after which an answer is of no use. */
  readonly deadlineAt?: Instant | undefined;
  readonly tokensLeft?: number | undefined;
}

/** Tells an event to others, or nobody. `before` is the stream's state that the event was decided in. */
export type Publish<Event, State = unknown> = (
  event: Event,
  stream: string,
  before: State,
  tenant: string,
) => Announcement | undefined;

/** A decider and how its facts leave the service. */
export interface Kind {
  // biome-ignore lint/suspicious/noExplicitAny: a service runs kinds of different types side by side.
  readonly decider: Decider<any, any, any, any>;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  readonly publish: Publish<any, any>;
}

/** Something that happened to a stream. */
export interface Arrival {
  /** Globally unique: arriving twice is one arrival. */
  readonly id: string;
  readonly kind: string;
  readonly stream: string;
  readonly input: Named;
  /** Tenant that owns the stream; "default" if undefined. */
  readonly tenant?: string | undefined;
  /** W3C Trace Context of its cause. */
  readonly traceparent?: string | undefined;
}

/** What an effect is executed with. */
export interface EffectCall {
  readonly stream: string;
  readonly kind: string;
  readonly key: string;
  readonly effect: Named;
  /** 1 for the first attempt; more after a crash. */
  readonly attempt: number;
  /** Aborts when the answer is no longer wanted: the stream finished, the lease was lost, the service stops. */
  readonly signal: AbortSignal;
  readonly traceparent?: string | undefined;
}

/**
 * Executes one type of effect. The value comes back to the decider as `effect.succeeded`; a throw comes back as
 * `effect.failed` with the ParleyError's code. Never retried here: whether to try again is the decider's decision.
 */
export type EffectHandler = (call: EffectCall) => Promise<Json>;
