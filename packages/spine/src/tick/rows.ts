import { defaultTenant, type Instant, type Message, type Named } from '@parley/contracts';
import type { ParkedStream } from '../hooks.ts';
import type { Arrival, Kind } from '../kind.ts';

/** A stream as the tick locked it; `version` 0 and no row for one that is new. */
export interface StreamRow {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly state: unknown;
  readonly status: 'active' | 'finished' | 'parked';
  readonly tenant: string;
  /** Id of the input that began it; null where it lies in the inbox like all others. */
  readonly openedBy: string | null;
}

/** An input on its way through one tick, and where it came from. */
export interface Incoming extends Arrival {
  /**
   * `new` ids are written to the inbox; `pending` ones lie there already; the `opening` one stands in its stream's row; an
   * answer is fenced by its effect's row.
   */
  readonly from: 'new' | 'pending' | 'opening' | 'answer';
}

export interface EffectRow {
  readonly stream: string;
  readonly kind: string;
  readonly tenant: string;
  readonly key: string;
  readonly effect: Named;
  readonly isIdempotent: boolean;
  readonly dueAt: Instant | undefined;
  readonly traceparent: string | undefined;
}

/** Everything one tick writes, ready for the statements. */
export interface Batch {
  readonly created: StreamWrite[];
  readonly changed: StreamWrite[];
  readonly events: { stream_id: string; seq: number; type: string; data: unknown; at: string }[];
  readonly inbox: { incoming: Incoming; state: 'handled' | 'parked' }[];
  readonly effects: EffectRow[];
  readonly finished: string[];
  readonly outbox: Map<string, Message[]>;
  readonly refused: Map<string, number>;
  readonly parked: ParkedStream[];
}

interface StreamWrite {
  readonly id: string;
  readonly tenant: string;
  readonly kind: string;
  readonly version: number;
  readonly state: unknown;
  readonly status: StreamRow['status'];
  readonly parked_reason?: string;
  readonly parked_input?: string;
  readonly opened_by?: string;
}

export interface BatchContext {
  readonly service: string;
  readonly at: Instant;
  /** Jump of the clock so far, in milliseconds: deciders are told the time without it. */
  readonly jumpedMs: number;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Topic on which parked streams are reported. */
  readonly parkedTopic: string | undefined;
  /** Why the database refuses what these inputs lead to: their streams are parked without asking them. */
  readonly refusal?: string | undefined;
}

/** Tenant of a stream, which its first input names. */
export function tenantOf(row: StreamRow | undefined, first: Incoming): string {
  return row?.tenant ?? first.tenant ?? defaultTenant;
}
