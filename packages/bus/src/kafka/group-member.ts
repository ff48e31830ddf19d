import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { BusEvent, Delivery, RawRecord, SubscribeOptions } from '../message-bus.ts';
import { createClient, type KafkaConnection, kafkajs, shortRetries } from './client.ts';
import { readRecord } from './record.ts';
import { within } from './within.ts';

const defaultMaxBatch = 200;
const heartbeatMs = 3_000;
const retryJoinMs = 500;
const drainMs = 5_000;
/** Longest time between handling and commit. What lies between comes again after a crash; readers know it by its id. */
const commitMs = 200;

export const consumerSettings = {
  sessionTimeout: 10_000,
  heartbeatInterval: heartbeatMs,
  rebalanceTimeout: 30_000,
  // A broker that has something answers at once; this is how often an idle reader asks anew, and how long it takes to leave.
  maxWaitTimeInMs: 1_000,
  maxBytesPerPartition: 1_048_576,
  allowAutoTopicCreation: false,
  retry: shortRetries,
} as const;

export interface GroupMemberOptions extends SubscribeOptions {
  readonly connection: KafkaConnection;
  readonly redeliveryDelayMs: { readonly initial: number; readonly max: number };
  readonly onEvent: (event: BusEvent) => void;
}

interface Invalid {
  readonly record: KafkaMessage;
  readonly raw: RawRecord;
  readonly reason: string;
}

/**
 * One consumer of a group. A batch is read and handled; where the partitions stand is committed for all of them
 * together, a moment later. One whose handler throws is left uncommitted, its partition paused and read again later,
 * while the other partitions and the heartbeats go on.
 */
export class GroupMember {
  private readonly options: GroupMemberOptions;
  private readonly maxBatch: number;
  private readonly consumer: Consumer;
  /** Failures in a row of the batch at the head of each partition. */
  private readonly failures = new Map<string, number>();
  private readonly pauses = new Set<NodeJS.Timeout>();
  private readonly inHand = new Set<Promise<unknown>>();
  /** Next offsets of partitions that have moved since the last commit. */
  private moved = new Map<string, { readonly topic: string; readonly partition: number; readonly offset: string }>();
  private committing: NodeJS.Timeout | undefined;
  /** Commit function of the last batch: the consumer's own refuses while it stops. */
  private send: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  private isStopped = false;
  private beatAt = Date.now();
  private isMember = false;

  constructor(options: GroupMemberOptions) {
    this.options = options;
    this.maxBatch = Math.max(1, options.maxBatch ?? defaultMaxBatch);
    this.consumer = createClient(options.connection).consumer({ groupId: options.group, ...consumerSettings });
    const { events } = this.consumer;
    this.consumer.on(events.HEARTBEAT, () => this.beat());
    this.consumer.on(events.REBALANCING, () => void this.commit());
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.beat();
      this.isMember = true;
      this.moved.clear();
      const partitions = Object.values(payload.memberAssignment).flat().length;
      options.onEvent({ type: 'group-joined', group: options.group, partitions, tookMs: payload.duration });
    });
    this.consumer.on(events.CRASH, ({ payload }) => {
      // With a restart it comes back by itself.
      if (!payload.restart) options.onEvent({ type: 'crashed', group: options.group, thrown: payload.error });
    });
  }

  get group(): string {
    return this.options.group;
  }

  /** Time since the group's coordinator last heard this member: after more than a session the group has given it up. */
  get heartbeatAgeMs(): number {
    return Date.now() - this.beatAt;
  }

  /** True since its group has let it in for the first time. */
  get hasJoined(): boolean {
    return this.isMember;
  }

  /** Resolves when the group has let this member in. Topics that do not exist yet are waited for. */
  async start(): Promise<void> {
    const { consumer } = this;
    await consumer.connect();
    while (!this.isStopped) {
      try {
        await consumer.subscribe({ topics: [...new Set(this.options.topics)], fromBeginning: true });
        break;
      } catch (thrown) {
        this.options.onEvent({ type: 'client-warning', text: `Subscribing ${this.group}: ${String(thrown)}` });
        await new Promise((resolve) => setTimeout(resolve, retryJoinMs));
      }
    }
    // A stop that came before the connection has closed nothing.
    if (this.isStopped) return consumer.disconnect();
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // Batches wait for each other until the next fetch, so all that were fetched go at once.
      partitionsConsumedConcurrently: 64,
      eachBatch: (payload) => this.track(this.takeOver(payload)),
    });
  }

  /** Waits for the handlers in hand without limit, for the brokers' goodbye with one. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.pauses) clearTimeout(timer);
    void this.commit();
    const gone = this.consumer.disconnect();
    await Promise.allSettled(this.inHand);
    await within(drainMs, gone);
  }

  private async takeOver(payload: EachBatchPayload): Promise<void> {
    const { batch, pause, resolveOffset, heartbeat } = payload;
    const { topic, partition } = batch;
    const place = `${topic}/${partition}`;
    try {
      for (let from = 0; from < batch.messages.length; from += this.maxBatch) {
        if (this.isStopped || !payload.isRunning() || payload.isStale()) return;
        const records = batch.messages.slice(from, from + this.maxBatch);
        await this.handle(topic, partition, records, heartbeat);
        this.failures.delete(place);
        const { offset } = records.at(-1) as KafkaMessage;
        resolveOffset(offset);
        this.send = payload.commitOffsetsIfNecessary;
        this.moved.set(place, { topic, partition, offset: String(BigInt(offset) + 1n) });
        if (this.isStopped) await this.commit();
        else this.committing ??= setTimeout(() => void this.commit(), commitMs);
        await heartbeat();
      }
    } catch (thrown) {
      // The client knows what to do about its own errors: join again, mostly. Of others it never sees one, because
      // some of them, such as a TypeError, would silence this consumer for good.
      if (thrown instanceof kafkajs.KafkaJSError) throw thrown;
      const failures = (this.failures.get(place) ?? 0) + 1;
      this.failures.set(place, failures);
      const { initial, max } = this.options.redeliveryDelayMs;
      const retryInMs = Math.min(max, initial * 2 ** (failures - 1));
      const { group } = this;
      this.options.onEvent({ type: 'batch-failed', topic, group, partition, failures, retryInMs, thrown });
      if (this.isStopped) return;
      const resume = pause();
      const timer = setTimeout(() => {
        this.pauses.delete(timer);
        resume();
      }, retryInMs);
      this.pauses.add(timer);
    }
  }

  /** One request for all partitions. One that is refused, mostly because they are another member's, is not repeated. */
  private async commit(): Promise<void> {
    clearTimeout(this.committing);
    this.committing = undefined;
    const byTopic = Map.groupBy(this.moved.values(), ({ topic }) => topic);
    this.moved.clear();
    if (byTopic.size === 0) return;
    try {
      await this.send?.({ topics: [...byTopic].map(([topic, partitions]) => ({ topic, partitions })) });
    } catch (thrown) {
      this.options.onEvent({ type: 'client-warning', text: `Committing for ${this.group}: ${String(thrown)}` });
    }
  }

  private async handle(
    topic: string,
    partition: number,
    records: readonly KafkaMessage[],
    heartbeat: () => Promise<void>,
  ): Promise<void> {
    const deliveries: Delivery[] = [];
    const invalid: Invalid[] = [];
    for (const record of records) {
      const read = readRecord(record);
      if (read.ok) deliveries.push({ message: read.message, topic, partition, offset: record.offset });
      else invalid.push({ record, raw: read.raw, reason: read.reason });
    }
    // Keeps the session while a handler takes its time. What the group answers is heard after the commit.
    const beating = setInterval(() => void heartbeat().catch(() => {}), heartbeatMs);
    try {
      if (deliveries.length > 0) await this.options.handler(deliveries);
      for (const each of invalid) {
        const { reason } = each;
        const { onInvalid } = this.options;
        const { offset } = each.record;
        await onInvalid?.({ topic, partition, offset }, each.raw, reason);
        const isKept = onInvalid !== undefined;
        const { group } = this;
        this.options.onEvent({ type: 'record-invalid', topic, group, partition, offset, reason, isKept });
      }
    } catch (thrown) {
      // A handler may itself use a client of Kafka, whose errors are the handler's and not this consumer's.
      throw thrown instanceof kafkajs.KafkaJSError ? new Error(thrown.message, { cause: thrown }) : thrown;
    } finally {
      clearInterval(beating);
    }
  }

  private beat(): void {
    this.beatAt = Date.now();
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.inHand.add(work);
    const forget = () => this.inHand.delete(work);
    work.then(forget, forget);
    return work;
  }
}
