import { messageOf, ParleyError } from '@parley/contracts';
import { type BusEvent, busStopped, type MessageBus } from '../message-bus.ts';
import { checkMessage } from '../message-check.ts';
import { KafkaBroadcasts } from './broadcasts.ts';
import type { KafkaConnection } from './client.ts';
import { GroupMember } from './group-member.ts';
import { Publisher } from './publisher.ts';
import { reachesGroup } from './reach.ts';

const defaultRedeliveryDelayMs = { initial: 50, max: 5_000 };

export interface KafkaBusOptions extends Omit<KafkaConnection, 'onWarning'> {
  /** Pause before a batch that was thrown at comes again; doubles with every throw in a row. */
  readonly redeliveryDelayMs?: { readonly initial: number; readonly max: number };
  /** Called synchronously; must not throw. On `crashed` the process should end, after a log line. */
  readonly onEvent: (event: BusEvent) => void;
}

/** What `/readyz` and the metrics want to know. */
export interface KafkaBusHealth {
  /** Age of the oldest `publish` that waits, in milliseconds; 0 when none does. */
  readonly publishWaitingMs: number;
  /** One of each subscription; more than 10,000 ms, and its group has given the member up. */
  readonly groups: readonly {
    readonly group: string;
    readonly heartbeatAgeMs: number;
    /** False until brokers and group were reached for the first time. */
    readonly hasJoined: boolean;
  }[];
}

export interface KafkaBus extends MessageBus {
  health(): KafkaBusHealth;
  /** Whether a client that begins now finds brokers and this group's coordinator, within 3 s. Never rejects. */
  reaches(group: string): Promise<boolean>;
}

/**
 * The bus on Apache Kafka: a group is a consumer group, `subject` the key, messages in CloudEvents' binary form. Brokers
 * that are away are waited for, in `publish` and `subscribe` alike. The topics must exist (`ensureTopics`); one that
 * does not is waited for too. `stop` gives brokers that do not answer a few seconds, and then leaves connections that
 * the process has to end.
 */
export function createKafkaBus(options: KafkaBusOptions): KafkaBus {
  const { onEvent, redeliveryDelayMs = defaultRedeliveryDelayMs, ...rest } = options;
  const connection: KafkaConnection = { ...rest, onWarning: (text) => onEvent({ type: 'client-warning', text }) };
  const publisher = new Publisher(connection, onEvent);
  const broadcasts = new KafkaBroadcasts(connection, onEvent);
  const members = new Set<GroupMember>();
  let stopping: Promise<void> | undefined;

  async function drain(): Promise<void> {
    await Promise.all([publisher.stop(), broadcasts.stop(), ...[...members].map((member) => member.stop())]);
  }

  return {
    system: 'kafka',
    async publish(topic, messages) {
      if (stopping !== undefined) throw busStopped(`Publishing to ${topic}`);
      for (const message of messages) checkMessage(topic, message);
      await publisher.publish(topic, messages);
    },
    async subscribe(subscription) {
      const refusal = () => busStopped(`Subscribing ${subscription.group}`);
      if (stopping !== undefined) throw refusal();
      const member = new GroupMember({ ...subscription, connection, redeliveryDelayMs, onEvent });
      members.add(member);
      await member.start().catch((thrown) => {
        members.delete(member);
        const how = 'check KAFKA_BROKERS and the settings of TLS and SASL';
        const where = `Group ${subscription.group} cannot be joined through ${options.brokers.join(', ')}`;
        throw new ParleyError('BUS_UNAVAILABLE', `${where}: ${messageOf(thrown)}; ${how}.`, { cause: thrown });
      });
      if (stopping !== undefined) throw refusal();
      return {
        async stop() {
          await member.stop();
          members.delete(member);
        },
      };
    },
    broadcast: (topic, message) => broadcasts.send(topic, message),
    onBroadcast: (topic, listener) => broadcasts.listen(topic, listener),
    health: () => ({
      publishWaitingMs: publisher.waitingMs,
      groups: [...members].map(({ group, heartbeatAgeMs, hasJoined }) => ({ group, heartbeatAgeMs, hasJoined })),
    }),
    reaches: (group) => reachesGroup(connection, group),
    stop() {
      stopping ??= Promise.resolve().then(drain);
      return stopping;
    },
  };
}
