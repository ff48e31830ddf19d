import type { EffectOutcome } from '@parley/contracts';
import type { Arrival } from '../kind.ts';
import type { EffectRow } from './rows.ts';

/** The answer of an effect that this process executed. */
export interface Completion {
  readonly stream: string;
  readonly kind: string;
  readonly key: string;
  /** Fence: which attempt is answered. */
  readonly started: number;
  readonly traceparent?: string | undefined;
  readonly outcome: EffectOutcome;
}

/** An effect that was written with its lease already taken by this process. */
export interface Leased extends EffectRow {
  readonly started: number;
}

/** What one tick serves. */
export interface Work {
  readonly arrivals: readonly Arrival[];
  readonly completions: readonly Completion[];
  /** Streams that are served for the inputs they have pending. */
  readonly streams?: readonly string[];
  /** Most streams to serve where none of the above is given: those with pending inputs that nobody else has locked. */
  readonly limit?: number;
  /** Why the database refuses this: what is new is parked with its streams. */
  readonly refusal?: string;
}
