import type { Message } from '@parley/contracts';
import type { Producer } from 'kafkajs';
import { type BusEvent, busStopped } from '../message-bus.ts';
import { createClient, type KafkaConnection, kafkajs, longRetries } from './client.ts';
import { toRecord } from './record.ts';
import { type Call, type Chunk, SendQueue } from './send-queue.ts';
import { within } from './within.ts';

const drainMs = 5_000;
/**
 * A request that fails in part must not be tried again by kafkajs 2.2.4 itself: it remembers which brokers have
 * answered, so a partition whose leader has moved to one of those is left out, and the request still succeeds (measured:
 * 6 of 10,046 messages lost in 6 kills of one of three brokers). It refuses an idempotent producer 0 retries; NaN is none.
 */
const noRetries = { ...longRetries, retries: Number.NaN };

type Partitions = Parameters<ReturnType<typeof kafkajs.Partitioners.DefaultPartitioner>>[0]['partitionMetadata'];

/**
 * One request at a time, with all that has come in meanwhile: kafkajs 2.2.4 reorders requests that are under way
 * together, idempotent or not.
 */
export class Publisher {
  private readonly connection: KafkaConnection;
  private readonly onEvent: (event: BusEvent) => void;
  /** Messages by topic, until its partitions are known; then `queue` has them by topic and partition. */
  private readonly arrivals = new SendQueue();
  private readonly queue = new SendQueue();
  private readonly calls = new Set<Call>();
  private readonly partitions = new Map<string, Partitions>();
  private readonly partitionOf = kafkajs.Partitioners.DefaultPartitioner();
  private producer: Producer | undefined;
  private running: Promise<void> | undefined;
  private inHand: Chunk = new Map();
  private wake: (() => void) | undefined;
  private isStopped = false;

  constructor(connection: KafkaConnection, onEvent: (event: BusEvent) => void) {
    this.connection = connection;
    this.onEvent = onEvent;
  }

  /** Age of the oldest call that waits, in milliseconds; 0 when none does. */
  get waitingMs(): number {
    const [oldest] = this.calls;
    return oldest === undefined ? 0 : Date.now() - oldest.since;
  }

  publish(topic: string, messages: readonly Message[]): Promise<void> {
    if (this.isStopped) return Promise.reject(busStopped(`Publishing to ${topic}`));
    if (messages.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const call: Call = { topic, open: messages.length, since: Date.now(), resolve, reject };
      const items = messages.map((message) => ({ record: toRecord(message), call }));
      this.calls.add(call);
      this.arrivals.add(topic, topic, items);
      this.wake?.();
      this.running ??= this.run();
    });
  }

  /** Refuses what has not been sent, and gives what is under way a few seconds to be acknowledged. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake?.();
    const inHand = new Set([...this.inHand.values()].flatMap(({ taken }) => taken.map(({ call }) => call)));
    for (const call of this.calls) if (!inHand.has(call)) this.refuse(call);
    await within(drainMs, this.running);
    for (const call of this.calls) this.refuse(call);
    await within(drainMs, this.producer?.disconnect());
  }

  private async run(): Promise<void> {
    // Calls of one turn of the event loop go together.
    await Promise.resolve();
    while (!this.isStopped && !(this.arrivals.isEmpty && this.queue.isEmpty)) {
      await this.sort();
      const chunk = this.queue.take(Date.now());
      if (chunk.size === 0) {
        await this.pause();
        continue;
      }
      this.inHand = chunk;
      try {
        await this.send(chunk);
        this.queue.done(chunk);
        for (const { taken } of chunk.values()) for (const { call } of taken) this.settle(call);
      } catch (thrown) {
        this.replaceProducer();
        this.failed(this.queue, chunk, thrown);
      }
      this.inHand = new Map();
    }
    this.running = undefined;
  }

  /** Moves what has arrived to the lanes of its partitions. Topics that do not exist wait without holding up others. */
  private async sort(): Promise<void> {
    for (;;) {
      const chunk = this.arrivals.take(Date.now());
      if (chunk.size === 0 || this.isStopped) return;
      for (const [name, part] of chunk) {
        const { topic, taken } = part;
        const one: Chunk = new Map([[name, part]]);
        try {
          const partitionMetadata = this.partitions.get(topic) ?? (await this.fetchPartitions(topic));
          for (const item of taken) {
            const partition = this.partitionOf({ topic, partitionMetadata, message: item.record });
            this.queue.add(`${topic}/${partition}`, topic, [{ ...item, record: { ...item.record, partition } }]);
          }
          this.arrivals.done(one);
        } catch (thrown) {
          this.failed(this.arrivals, one, thrown);
        }
      }
    }
  }

  private async fetchPartitions(topic: string): Promise<Partitions> {
    const admin = createClient(this.connection).admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = topics[0]?.partitions ?? [];
      if (partitions.length === 0) throw new Error(`Topic ${topic} has no partitions yet.`);
      this.partitions.set(topic, partitions);
      return partitions;
    } finally {
      void within(drainMs, admin.disconnect());
    }
  }

  private async send(chunk: Chunk): Promise<void> {
    if (this.producer === undefined) {
      const producer = createClient(this.connection).producer({
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        retry: noRetries,
      });
      this.producer = producer;
      await producer.connect();
    }
    const topicMessages = [...chunk.values()].map(({ topic, taken }) => ({
      topic,
      messages: taken.map(({ record }) => record),
    }));
    await this.producer.sendBatch({ acks: -1, topicMessages });
  }

  private settle(call: Call): void {
    if (--call.open > 0) return;
    this.calls.delete(call);
    call.resolve();
  }

  /** This one would number the next request like the lost one, and a broker could take it for known and drop it. */
  private replaceProducer(): void {
    void within(drainMs, this.producer?.disconnect());
    this.producer = undefined;
  }

  private failed(queue: SendQueue, chunk: Chunk, thrown: unknown): void {
    const topics = [...new Set([...chunk.values()].map(({ topic }) => topic))];
    for (const topic of topics) this.partitions.delete(topic);
    this.onEvent({ type: 'publish-failed', topics, ...queue.failed(chunk, Date.now()), thrown });
  }

  /** Resolves when the first lane is due, or something comes in. */
  private pause(): Promise<void> {
    const due = Math.min(this.arrivals.dueAt, this.queue.dueAt);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), Math.max(1, due - Date.now()));
      this.wake = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
    });
  }

  private refuse(call: Call): void {
    this.calls.delete(call);
    call.reject(busStopped(`Publishing to ${call.topic}`));
  }
}
