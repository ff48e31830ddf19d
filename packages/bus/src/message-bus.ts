import type { Message } from '@parley/contracts';

/** One message as a group receives it. Shared between groups and never copied: readers must not change it. */
export interface Delivery {
  readonly message: Message;
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition as a decimal number; grows along the partition, need not be gapless. */
  readonly offset: string;
}

/**
 * Gets consecutive messages of one partition, of one or many subjects. Resolves when the batch is durably taken over;
 * then, and only then, it is acknowledged. A throw means "again, later": bad data belongs in the dead letters instead.
 * Batches of different partitions may be handled at the same time. It must not wait for a `publish` (that may wait for
 * this very handler): what follows from a message is written to the outbox with it.
 */
export type BatchHandler = (batch: readonly Delivery[]) => Promise<void>;

/** What a topic held that is not a message, for the dead letters. */
export interface RawRecord {
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly value: string | null;
}

export interface SubscribeOptions {
  readonly topics: readonly string[];
  /** Every group gets every message; the members of a group share the partitions. */
  readonly group: string;
  /** Most messages in one batch, at least 1. */
  readonly maxBatch?: number;
  readonly handler: BatchHandler;
  /** Resolves when the record is safe elsewhere; it is then acknowledged. Only adapters that read bytes call it. */
  readonly onInvalid?: (topic: string, raw: RawRecord, reason: string) => Promise<void>;
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
   * Resolves when the messages are safe without the publisher's copy. All or none of an array is accepted. Order per
   * (topic, subject) is the order of the array and of successive calls, awaited or not; a call that fails for a reason
   * that may pass takes the unanswered calls after it with it.
   * @throws ParleyError MESSAGE_INVALID, MESSAGE_TOO_LARGE: naming message and field; nothing was published.
   * @throws ParleyError BUS_STOPPED (retryable): whether the messages arrived is unknown; publish them again later.
   */
  publish(topic: string, messages: readonly Message[]): Promise<void>;
  /**
   * Starts at the oldest retained message for a new group, after the last acknowledged one for a known group. One
   * member handles a partition at a time.
   * @throws ParleyError BUS_STOPPED (retryable).
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Fire-and-forget, for topics with `isDurable` false: never blocks, drops when nobody listens or a listener is slow. */
  broadcast(topic: string, message: Message): void;
  /** Hears what is broadcast from now on, in order. Call the result to stop listening. */
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
      /** How often this batch has failed in a row, 1..n. */
      readonly failures: number;
      readonly retryInMs: number;
      readonly thrown: unknown;
    }
  | {
      readonly type: 'broadcast-dropped';
      readonly topic: string;
      readonly reason: 'no-listener' | 'slow-listener' | 'stopped';
    }
  | { readonly type: 'listener-failed'; readonly topic: string; readonly thrown: unknown };
