import { type Message, ParleyError } from '@parley/contracts';

/** Place at which a group found a record. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition as a decimal number; grows along the partition, need not be gapless. */
  readonly offset: string;
}

/** One message as a group receives it. Shared between groups and never copied: readers must not change it. */
export interface Delivery extends RecordPlace {
  readonly message: Message;
}

/**
 * Gets consecutive messages of one partition, of one or many subjects. Resolves when the batch is durably taken over;
 * then, and only then, it is acknowledged. A throw means "again, later": bad data belongs in the dead letters instead.
 * Batches of different partitions may be handled at the same time. It must not wait for a `publish` (that may wait for
 * this very handler): what follows from a message is written to the outbox with it.
 */
export type BatchHandler = (batch: readonly Delivery[]) => Promise<void>;

/**
 * What a topic held that is not a message, for the dead letters. Bytes that are no UTF-8 come as base64, and what is
 * too long for a message is cut; the reason says so.
 */
export interface RawRecord {
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly value: string | null;
}

export interface SubscribeOptions {
  readonly topics: readonly string[];
  /** Every group gets every message; the members of a group share the partitions, and all of them read the same topics. */
  readonly group: string;
  /** Most messages in one batch, at least 1. */
  readonly maxBatch?: number;
  readonly handler: BatchHandler;
  /**
   * Resolves when the record is safe elsewhere; it is then acknowledged. A throw means "again, later", and the messages
   * beside it come again too. Only adapters that read bytes call it; without it such records are skipped and reported.
   */
  readonly onInvalid?: (place: RecordPlace, raw: RawRecord, reason: string) => Promise<void>;
}

export interface Subscription {
  /** Takes no further batch, resolves when those in hand are handled. Other members go on where this one stopped. */
  stop(): Promise<void>;
}

/** Durable, ordered messages between services, and fire-and-forget ones. At least once: readers drop what they know. */
export interface MessageBus {
  /** What carries the messages, as OpenTelemetry's `messaging.system` names it. */
  readonly system?: string;
  /**
   * Resolves when the messages are safe without the publisher's copy, and keeps trying until then. All or none of an
   * array is accepted; after a crash or BUS_STOPPED a part may have arrived, so the whole array is published again.
   * Order per (topic, subject) is the order of the array and of successive calls, awaited or not: a call that fails
   * with BUS_STOPPED takes the unanswered calls after it with it.
   * @throws ParleyError MESSAGE_INVALID, MESSAGE_TOO_LARGE: naming message and field; nothing was published.
   * @throws ParleyError BUS_STOPPED (retryable): whether the messages arrived is unknown; publish them again later.
   */
  publish(topic: string, messages: readonly Message[]): Promise<void>;
  /**
   * Starts at the oldest retained message for a new group, after the last acknowledged one for a known group. One
   * member handles a partition at a time; where members are processes, one that a group has given up for dead may
   * still be in its handler when the next one begins.
   * @throws ParleyError BUS_STOPPED (retryable); BUS_UNAVAILABLE: the brokers refuse this process.
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Fire-and-forget, for topics with `isDurable` false: never blocks, drops when nobody listens or a listener is slow. */
  broadcast(topic: string, message: Message): void;
  /** Hears what is broadcast from about now on, in order. Call the result to stop listening. */
  onBroadcast(topic: string, listener: (message: Message) => void): () => void;
  /** Drains: waits for the handlers in hand, refuses the rest. A second call waits for the first. */
  stop(): Promise<void>;
}

/** What a bus reports about itself, for logs and metrics. */
export type BusEvent =
  | {
      readonly type: 'batch-failed';
      readonly topic: string;
      readonly group: string;
      readonly partition: number;
      /** Failures of this batch in a row, 1..n. */
      readonly failures: number;
      readonly retryInMs: number;
      readonly thrown: unknown;
    }
  | {
      readonly type: 'broadcast-dropped';
      readonly topic: string;
      readonly reason: 'no-listener' | 'slow-listener' | 'stopped' | 'not-connected' | 'queue-full' | 'invalid';
    }
  | { readonly type: 'listener-failed'; readonly topic: string; readonly thrown: unknown }
  | {
      /** Publishing failed. It is tried again, in order; the callers wait. */
      readonly type: 'publish-failed';
      readonly topics: readonly string[];
      readonly failures: number;
      readonly retryInMs: number;
      readonly thrown: unknown;
    }
  | {
      /** A record that is no message. `isKept` tells whether `onInvalid` has taken it. */
      readonly type: 'record-invalid';
      readonly topic: string;
      readonly group: string;
      readonly partition: number;
      readonly offset: string;
      readonly reason: string;
      readonly isKept: boolean;
    }
  | {
      /** The members of a group have shared out the partitions anew; `partitions` is this member's number. */
      readonly type: 'group-joined';
      readonly group: string;
      readonly partitions: number;
      readonly tookMs: number;
    }
  /** This member of the group will never read again: end the process, so that it is started anew. */
  | { readonly type: 'crashed'; readonly group: string; readonly thrown: unknown }
  /** What the client library wants to be read: lost connections, mostly, which it mends itself. */
  | { readonly type: 'client-warning'; readonly text: string };

/** What a bus answers to everything that comes after its `stop`. */
export function busStopped(what: string): ParleyError {
  return new ParleyError('BUS_STOPPED', `${what} failed: this process's bus has stopped. Try again after a restart.`, {
    retryable: true,
  });
}
