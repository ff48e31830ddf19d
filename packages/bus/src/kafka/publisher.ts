import type { Message } from '@parley/contracts';
import type { Producer } from 'kafkajs';
import { type BusEvent, busStopped } from '../message-bus.ts';
import { createClient, type KafkaConnection, kafkajs } from './client.ts';
import { type SizedRecord, toRecord } from './record.ts';
import { within } from './within.ts';

/** All of one request stays below the size that a topic takes for one partition's batch. */
const maxRequestBytes = 950_000;
const maxRequestRecords = 2_000;
const retryMs = { initial: 100, max: 5_000 };
const drainMs = 5_000;

interface Call {
  readonly topic: string;
  open: number;
  readonly since: number;
  resolve(): void;
  reject(error: Error): void;
}

interface Waiting {
  readonly record: SizedRecord;
  readonly call: Call;
}

/** What waits for one topic, oldest first. A topic that failed waits alone and holds up no other. */
interface Lane {
  readonly waiting: Waiting[];
  failures: number;
  notBefore: number;
}

type Chunk = Map<string, { readonly lane: Lane; readonly taken: readonly Waiting[] }>;

/**
 * One request at a time, with all that has come in meanwhile: kafkajs 2.2.4 reorders requests that are under way
 * together, idempotent or not.
 */
export class Publisher {
  private readonly connection: KafkaConnection;
  private readonly onEvent: (event: BusEvent) => void;
  private readonly lanes = new Map<string, Lane>();
  private readonly calls = new Set<Call>();
  private readonly known = new Set<string>();
  private producer: Producer | undefined;
  private running: Promise<void> | undefined;
  private wake: (() => void) | undefined;
  private inHand: Chunk | undefined;
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
      const records = messages.map(toRecord);
      this.calls.add(call);
      const lane = this.lanes.get(topic) ?? { waiting: [], failures: 0, notBefore: 0 };
      this.lanes.set(topic, lane);
      for (const record of records) lane.waiting.push({ record, call });
      this.wake?.();
      this.running ??= this.run();
    });
  }

  /** Refuses what has not been sent, and gives what is under way a few seconds to be acknowledged. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake?.();
    const taken = [...(this.inHand?.values() ?? [])].flatMap((part) => part.taken);
    const inHand = new Set(taken.map(({ call }) => call));
    for (const call of this.calls) if (!inHand.has(call)) this.refuse(call);
    await within(drainMs, this.running);
    for (const call of this.calls) this.refuse(call);
    await within(drainMs, this.producer?.disconnect());
  }

  private async run(): Promise<void> {
    // Calls of one turn of the event loop go together.
    await Promise.resolve();
    while (!this.isStopped && this.lanes.size > 0) {
      const chunk = this.take();
      if (chunk.size === 0) {
        await this.pause();
        continue;
      }
      this.inHand = chunk;
      try {
        await this.send(chunk);
        this.settle(chunk);
      } catch (thrown) {
        this.failed(chunk, thrown);
      }
      this.inHand = undefined;
    }
    this.running = undefined;
  }

  private take(): Chunk {
    const now = Date.now();
    const chunk: Chunk = new Map();
    let bytes = 0;
    let records = 0;
    for (const [topic, lane] of this.lanes) {
      if (lane.notBefore > now || (lane.failures > 0 && chunk.size > 0)) continue;
      let count = 0;
      for (const { record } of lane.waiting) {
        if (records > 0 && (bytes + record.bytes > maxRequestBytes || records >= maxRequestRecords)) break;
        bytes += record.bytes;
        records++;
        count++;
      }
      if (count > 0) chunk.set(topic, { lane, taken: lane.waiting.slice(0, count) });
      if (lane.failures > 0) break;
    }
    return chunk;
  }

  private async send(chunk: Chunk): Promise<void> {
    await this.know([...chunk.keys()]);
    if (this.producer === undefined) {
      const producer = createClient(this.connection).producer({
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
      });
      this.producer = producer;
      await producer.connect();
    }
    const topicMessages = [...chunk].map(([topic, { taken }]) => ({
      topic,
      messages: taken.map((each) => each.record),
    }));
    await this.producer.sendBatch({ acks: -1, topicMessages });
  }

  /** Throws soon when a topic does not exist: a producer that waits for it would hold up every other topic. */
  private async know(topics: readonly string[]): Promise<void> {
    const unknown = topics.filter((topic) => !this.known.has(topic));
    if (unknown.length === 0) return;
    const admin = createClient(this.connection).admin();
    try {
      await admin.connect();
      await admin.fetchTopicMetadata({ topics: unknown });
    } finally {
      void within(drainMs, admin.disconnect());
    }
    for (const topic of unknown) this.known.add(topic);
  }

  private settle(chunk: Chunk): void {
    for (const [topic, { lane, taken }] of chunk) {
      lane.waiting.splice(0, taken.length);
      lane.failures = 0;
      this.lanes.delete(topic);
      // Behind the others, so that a busy topic leaves room for every other one.
      if (lane.waiting.length > 0) this.lanes.set(topic, lane);
      for (const { call } of taken) {
        if (--call.open > 0) continue;
        this.calls.delete(call);
        call.resolve();
      }
    }
  }

  /** Another producer next: this one would number the next request like the lost one, and a broker drop it as known. */
  private failed(chunk: Chunk, thrown: unknown): void {
    const lost = this.producer;
    this.producer = undefined;
    void within(drainMs, lost?.disconnect());
    let failures = 0;
    for (const { lane } of chunk.values()) failures = Math.max(failures, ++lane.failures);
    const retryInMs = Math.min(retryMs.max, retryMs.initial * 2 ** (failures - 1));
    for (const { lane } of chunk.values()) lane.notBefore = Date.now() + retryInMs;
    this.onEvent({ type: 'publish-failed', topics: [...chunk.keys()], failures, retryInMs, thrown });
  }

  /** Until the first lane is due, or something comes in. */
  private pause(): Promise<void> {
    const due = Math.min(...[...this.lanes.values()].map(({ notBefore }) => notBefore));
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
