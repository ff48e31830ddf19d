import { randomUUID } from 'node:crypto';
import type { Message } from '@parley/contracts';
import type { Consumer, Producer } from 'kafkajs';
import type { BusEvent } from '../message-bus.ts';
import { createClient, type KafkaConnection, kafkajs, shortRetries } from './client.ts';
import { consumerSettings } from './group-member.ts';
import { readRecord, type SizedRecord, toRecord } from './record.ts';
import { within } from './within.ts';

const maxWaiting = 1_000;
const retryMs = 1_000;
const drainMs = 2_000;
/** A broker that has something answers at once; this is how often an idle listener asks anew. */
const idleFetchMs = 2_000;
/** Messages between two turns of the event loop, so that a flood leaves room for everything else. */
const perTurn = 100;

type Listener = (message: Message) => void;
type Dropped = Extract<BusEvent, { type: 'broadcast-dropped' }>['reason'];

/** Fire-and-forget: a short queue to the brokers, sent once; every process that listens is a group of its own. */
export class KafkaBroadcasts {
  private readonly connection: KafkaConnection;
  private readonly onEvent: (event: BusEvent) => void;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly consumers = new Set<Consumer>();
  private waiting: { readonly topic: string; readonly record: SizedRecord }[] = [];
  private producer: Producer | undefined;
  private isConnected = false;
  private notBefore = 0;
  private isSending = false;
  private isStopped = false;

  constructor(connection: KafkaConnection, onEvent: (event: BusEvent) => void) {
    this.connection = connection;
    this.onEvent = onEvent;
  }

  send(topic: string, message: Message): void {
    if (this.producer === undefined && !this.isStopped) void this.connect();
    const reason = this.refusal();
    if (reason !== undefined) {
      this.drop(topic, reason);
      return;
    }
    try {
      this.waiting.push({ topic, record: toRecord(message) });
    } catch {
      this.drop(topic, 'invalid');
      return;
    }
    if (!this.isSending) void this.flush();
  }

  private refusal(): Dropped | undefined {
    if (this.isStopped) return 'stopped';
    if (!this.isConnected || Date.now() < this.notBefore) return 'not-connected';
    return this.waiting.length >= maxWaiting ? 'queue-full' : undefined;
  }

  listen(topic: string, hear: Listener): () => void {
    const known = this.listeners.get(topic);
    const listeners = known ?? new Set();
    this.listeners.set(topic, listeners);
    // One of its own, so that a function that listens twice can stop once.
    const listener: Listener = (message) => hear(message);
    listeners.add(listener);
    if (known === undefined && !this.isStopped) {
      this.follow(topic, listeners).catch((thrown) => this.warn(`Listening to ${topic}`, thrown));
    }
    return () => void listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const listeners of this.listeners.values()) listeners.clear();
    const clients = [...this.consumers, ...(this.producer ? [this.producer] : [])];
    await Promise.all(clients.map((client) => within(drainMs, client.disconnect())));
  }

  private async connect(): Promise<void> {
    const { connection } = this;
    const producer = createClient(connection).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { ...shortRetries, retries: 0 },
    });
    this.producer = producer;
    try {
      await producer.connect();
      this.isConnected = true;
      // A stop came before the connection, and has closed nothing.
      if (this.isStopped) await producer.disconnect();
    } catch (thrown) {
      this.warn('Connecting for broadcasts', thrown);
      this.producer = undefined;
    }
  }

  private async flush(): Promise<void> {
    this.isSending = true;
    // Whatever this turn of the event loop broadcasts goes together.
    await Promise.resolve();
    while (this.waiting.length > 0 && !this.isStopped) {
      const taken = this.waiting;
      this.waiting = [];
      const byTopic = Map.groupBy(taken, ({ topic }) => topic);
      const topicMessages = [...byTopic].map(([topic, all]) => ({ topic, messages: all.map(({ record }) => record) }));
      try {
        await this.producer?.sendBatch({ acks: 1, timeout: 5_000, topicMessages });
      } catch (thrown) {
        this.warn('A broadcast', thrown);
        this.notBefore = Date.now() + retryMs;
        for (const { topic } of taken) this.drop(topic, 'not-connected');
      }
    }
    this.isSending = false;
  }

  /** Reads the topic from its end, commits nothing. */
  private async follow(topic: string, listeners: ReadonlySet<Listener>): Promise<void> {
    const groupId = `${this.connection.clientId}.listener.${randomUUID()}`;
    const consumer = createClient(this.connection).consumer({
      ...consumerSettings,
      groupId,
      maxWaitTimeInMs: idleFetchMs,
    });
    this.consumers.add(consumer);
    const next = new Map<number, bigint>();
    // The client would begin each new generation of the group where the first one began.
    consumer.on(consumer.events.GROUP_JOIN, () => {
      for (const [partition, offset] of next) consumer.seek({ topic, partition, offset: String(offset) });
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) this.onEvent({ type: 'crashed', group: groupId, thrown: payload.error });
    });
    while (!this.isStopped) {
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [topic], fromBeginning: false });
        break;
      } catch (thrown) {
        this.warn(`Listening to ${topic}`, thrown);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    if (this.isStopped) return consumer.disconnect();
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, heartbeat }) => {
        let told = 0;
        for (const record of batch.messages) {
          const offset = BigInt(record.offset);
          if (offset < (next.get(batch.partition) ?? 0n)) continue;
          next.set(batch.partition, offset + 1n);
          const read = readRecord(record);
          if (!read.ok) this.drop(topic, 'invalid');
          else for (const listener of listeners) this.tell(topic, listener, read.message);
          if (++told % perTurn === 0) await new Promise(setImmediate);
        }
        await heartbeat();
      },
    });
  }

  private tell(topic: string, listener: Listener, message: Message): void {
    try {
      listener(message);
    } catch (thrown) {
      this.onEvent({ type: 'listener-failed', topic, thrown });
    }
  }

  private drop(topic: string, reason: Dropped): void {
    this.onEvent({ type: 'broadcast-dropped', topic, reason });
  }

  private warn(what: string, thrown: unknown): void {
    this.onEvent({ type: 'client-warning', text: `${what}: ${String(thrown)}` });
  }
}
