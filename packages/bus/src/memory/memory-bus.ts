import type { Message } from '@parley/contracts';
import {
  type BusEvent,
  busStopped,
  type MessageBus,
  type SubscribeOptions,
  type Subscription,
} from '../message-bus.ts';
import { checkMessage } from '../message-check.ts';
import { Broadcasts } from './broadcasts.ts';
import type { OnFailure } from './cursor.ts';
import { Member } from './member.ts';
import type { Ticket } from './partition-log.ts';
import { TopicLog } from './topic-log.ts';

const defaultMaxBatch = 200;
const defaultRetained = 10_000;
const defaultRedeliveryDelayMs = { initial: 50, max: 5_000 };

export interface MemoryBusOptions {
  readonly partitions?: number;
  /** Pause before a batch that was thrown at comes again; doubles with every throw in a row. */
  readonly redeliveryDelayMs?: { readonly initial: number; readonly max: number };
  /** Messages per partition kept for groups that come later; what a known group has not passed is always kept. */
  readonly retainMessages?: number;
  /**
   * Groups that will read a topic, known before they subscribe: a `publish` then waits for them from the first message
   * on, instead of trusting to memory what nobody has read yet.
   */
  readonly expectedGroups?: (topic: string) => readonly string[];
  /** Called synchronously; must not throw. */
  readonly onEvent?: (event: BusEvent) => void;
}

/**
 * The bus inside one process. Memory is not durable, so `publish` resolves only after every group that the topic knows
 * has acknowledged the messages: until then the durable copy is the publisher's. A group that has lost its last member
 * is still waited for; `stop` rejects what then is left. With no group, `publish` resolves at once.
 */
export function createMemoryBus(options: MemoryBusOptions = {}): MessageBus {
  const partitions = options.partitions ?? 1;
  const retained = options.retainMessages ?? defaultRetained;
  const delayMs = options.redeliveryDelayMs ?? defaultRedeliveryDelayMs;
  const onEvent = options.onEvent ?? (() => {});
  const topics = new Map<string, TopicLog>();
  const members = new Set<Member>();
  const broadcasts = new Broadcasts(onEvent);
  let stopping: Promise<void> | undefined;

  const onFailureOf =
    (group: string): OnFailure =>
    ({ topic, partition }, failures, thrown) => {
      const retryInMs = Math.min(delayMs.max, delayMs.initial * 2 ** (failures - 1));
      onEvent({ type: 'batch-failed', topic, group, partition, failures, retryInMs, thrown });
      return retryInMs;
    };

  function topicLog(name: string): TopicLog {
    let log = topics.get(name);
    if (log === undefined) {
      log = new TopicLog(name, partitions, retained);
      topics.set(name, log);
      for (const group of options.expectedGroups?.(name) ?? []) log.group(group, onFailureOf(group));
    }
    return log;
  }

  async function publish(topic: string, messages: readonly Message[]): Promise<void> {
    if (stopping !== undefined) throw busStopped(`Publishing to ${topic}`);
    for (const message of messages) checkMessage(topic, message);
    await new Promise<void>((resolve, reject) => {
      const ticket: Ticket = { open: 0, resolve, reject: () => reject(busStopped(`Publishing to ${topic}`)) };
      topicLog(topic).append(messages, ticket);
      if (ticket.open === 0) resolve();
    });
  }

  async function subscribe({ topics: names, group, handler, maxBatch }: SubscribeOptions): Promise<Subscription> {
    if (stopping !== undefined) throw busStopped(`Subscribing ${group}`);
    const member = new Member(handler, Math.max(1, maxBatch ?? defaultMaxBatch));
    members.add(member);
    const joined = [...new Set(names)].map((name) => {
      const log = topicLog(name);
      const known = log.group(group, onFailureOf(group));
      log.join(known, member);
      return () => log.leave(known, member);
    });
    return {
      async stop() {
        for (const leave of joined) leave();
        await member.idle();
        members.delete(member);
      },
    };
  }

  async function drain(): Promise<void> {
    broadcasts.stop();
    for (const topic of topics.values()) topic.close();
    await Promise.all([...members].map((member) => member.idle()));
  }

  return {
    system: 'memory',
    publish,
    subscribe,
    broadcast: (topic, message) => broadcasts.send(topic, message),
    onBroadcast: (topic, listener) => broadcasts.listen(topic, listener),
    stop() {
      // Set before draining: what the last handlers try to publish is refused.
      stopping ??= Promise.resolve().then(drain);
      return stopping;
    },
  };
}
