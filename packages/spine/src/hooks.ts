import type { EffectOutcome, Message } from '@parley/contracts';

/** Something that was caused by somebody, as W3C Trace Context names them. */
interface Caused {
  readonly traceparent?: string | undefined;
}

/**
 * What the spine tells about itself; metrics, logs and spans hang on these. All optional, none may throw. The `around`
 * ones run what they are given once, at once, and pass on how it ends.
 */
export interface SpineHooks {
  /** Wraps one transaction that serves what many have caused. Not called for a poll that may find nothing. */
  aroundTick?<T extends { readonly report: TickReport }>(
    work: { readonly arrivals: readonly Caused[]; readonly completions: readonly Caused[] },
    run: () => Promise<T>,
  ): Promise<T>;
  /**
   * Wraps one attempt, until its answer is durable; undefined when nobody wants the answer. `run` takes what to name as
   * cause.
   */
  aroundEffect?(
    effect: EffectStart,
    run: (traceparent: string | undefined) => Promise<EffectOutcome | undefined>,
  ): Promise<EffectOutcome | undefined>;
  /** Wraps handing messages to the bus; `publish` takes the messages as they are to be sent. */
  aroundSend?(
    topic: string,
    messages: readonly Message[],
    publish: (messages: readonly Message[]) => Promise<void>,
  ): Promise<void>;
  /** Once, when the spine is made: how to look at what waits in its tables, and the types of effects it executes. */
  onOpen?(readBacklog: () => Promise<Backlog>, effects: readonly string[]): void;
  onTick?(tick: TickReport): void;
  onParked?(stream: ParkedStream): void;
  onEffect?(effect: EffectEnd): void;
  /** A process ended while this effect was in flight; told by the process that takes it over. */
  onCrash?(effect: CrashedEffect): void;
  /** An effect was set aside, because its process ended each time it ran alone. */
  onPoison?(effect: {
    readonly stream: string;
    readonly key: string;
    readonly type: string;
    readonly reason: string;
  }): void;
  /** A lease ran out under a worker that was still busy. */
  onLeaseLost?(effect: { stream: string; key: string }): void;
  onRelayed?(sent: { topic: string; messages: number }): void;
  /** The machine's clock was set, or the machine slept, for `byMs`; deadlines have not come nearer by it. */
  onClockJump?(byMs: number): void;
  /** Something that will be tried again by itself. */
  onTrouble?(where: string, thrown: unknown): void;
}

export interface TickReport {
  readonly streams: number;
  readonly inputs: number;
  readonly events: number;
  /** Inputs whose id had arrived before. */
  readonly duplicates: number;
  /** Answers of effects that somebody else had answered, or that nobody wants any more. */
  readonly fenced: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly parked: number;
  /** The tick went on from the cache of this process, and read nothing. */
  readonly isFromCache: boolean;
  readonly ms: number;
}

export interface ParkedStream extends Caused {
  readonly kind: string;
  readonly stream: string;
  readonly input: string;
  readonly reason: string;
}

/** An effect that was in flight when its process ended, with this end counted. */
export interface CrashedEffect {
  readonly stream: string;
  readonly key: string;
  readonly type: string;
  readonly crashes: number;
  readonly crashesAlone: number;
  /** Nothing else ran in that process. */
  readonly wasAlone: boolean;
}

export interface EffectEnd extends Caused {
  readonly type: string;
  /** Tenant of the stream that asked for it. */
  readonly tenant: string;
  readonly outcome: 'succeeded' | 'failed' | 'unknown' | 'abandoned';
  readonly ms: number;
}

export interface EffectStart extends Caused {
  readonly stream: string;
  readonly key: string;
  readonly type: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** What waits in one service's tables. Counts stop at `backlogLimit`; an age is undefined when nothing waits. */
export interface Backlog {
  /** Inputs that lie in the inbox undecided, such as after an unparking. */
  readonly inputs: number;
  readonly oldestInputSeconds: number | undefined;
  /** Effects that could be executed now and are not. */
  readonly effects: number;
  readonly oldestEffectSeconds: number | undefined;
  /** Effects whose process has ended at least twice while they were in flight: they run alone. */
  readonly suspects: number;
  /** Streams that wait for a model that is away or busy. */
  readonly waitingStreams: number;
  /** Rows of the outbox; each holds the messages of one commit for one topic. */
  readonly outbox: number;
  readonly oldestOutboxSeconds: number | undefined;
  readonly parkedStreams: number;
}
