import { deadLetterTopic, messageOf, ParleyError, type Topic } from '@parley/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import { createClient, type KafkaConnection, kafkajs, shortRetries } from './client.ts';
import { maxRecordBytes } from './record.ts';
import { within } from './within.ts';

const hourMs = 3_600_000;
const leaderTimeoutMs = 30_000;
const pollMs = 100;
const drainMs = 2_000;
/** Dead letters wait for people. */
const deadLetterHours = 30 * 24;

export interface TopicsOptions {
  /** Copies of every partition, 1..the number of brokers; of 3 or more, 2 must have a message before it counts as safe. */
  readonly replicationFactor: number;
}

export interface TopicReport {
  readonly created: readonly string[];
  /** Topics that were there already, as they should be or not. */
  readonly present: readonly string[];
  /** Settings in which a present topic is not as the table says. None is changed: more partitions would move keys. */
  readonly differences: readonly {
    readonly topic: string;
    readonly setting: string;
    readonly expected: string;
    readonly found: string;
  }[];
}

/**
 * Makes the topics that are missing, each durable one with its dead letters, and compares the others. Can be repeated,
 * by several at once.
 * @throws ParleyError BUS_UNAVAILABLE: what the brokers refused, and why.
 */
export async function ensureTopics(
  connection: KafkaConnection,
  topics: readonly Topic[],
  options: TopicsOptions,
): Promise<TopicReport> {
  const wanted = topics.flatMap((topic) => configsOf(topic, options.replicationFactor));
  const admin = createClient(connection).admin();
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    const created: string[] = [];
    for (const config of wanted)
      if (!known.has(config.topic) && (await create(admin, config))) created.push(config.topic);
    const present = wanted.filter(({ topic }) => !created.includes(topic));
    await untilLed(
      admin,
      wanted.map(({ topic }) => topic),
    );
    return { created, present: present.map(({ topic }) => topic), differences: await compare(admin, present) };
  } catch (thrown) {
    throw new ParleyError('BUS_UNAVAILABLE', `The topics could not be made or checked: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  } finally {
    await within(drainMs, admin.disconnect());
  }
}

function configsOf(topic: Topic, replicationFactor: number): ITopicConfig[] {
  const config = (name: string, partitions: number, hours: number): ITopicConfig => ({
    topic: name,
    numPartitions: partitions,
    replicationFactor,
    configEntries: [
      { name: 'retention.ms', value: String(hours * hourMs) },
      { name: 'max.message.bytes', value: String(maxRecordBytes) },
      { name: 'min.insync.replicas', value: replicationFactor > 2 ? '2' : '1' },
    ],
  });
  const own = config(topic.name, topic.partitions, topic.retentionHours);
  return topic.isDurable ? [own, config(deadLetterTopic(topic.name), 1, deadLetterHours)] : [own];
}

/**
 * What a cluster lacks of these topics, without making any.
 * @throws ParleyError BUS_UNAVAILABLE: no broker answers, or it refuses.
 */
export async function missingTopics(connection: KafkaConnection, topics: readonly Topic[]): Promise<string[]> {
  const admin = createClient(connection, { ...shortRetries, retries: 1 }).admin();
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    return topics.flatMap((topic) => configsOf(topic, 1)).flatMap(({ topic }) => (known.has(topic) ? [] : [topic]));
  } catch (thrown) {
    throw new ParleyError('BUS_UNAVAILABLE', `Kafka at ${connection.brokers.join(', ')}: ${messageOf(thrown)}.`, {
      retryable: true,
      cause: thrown,
    });
  } finally {
    await within(drainMs, admin.disconnect());
  }
}

/** False when somebody else was faster. */
async function create(admin: Admin, config: ITopicConfig): Promise<boolean> {
  try {
    // Waiting for the leaders here throws UNKNOWN_TOPIC_OR_PARTITION where a broker has not yet heard of the topic.
    return await admin.createTopics({ topics: [config], waitForLeaders: false });
  } catch (thrown) {
    const [first] = (thrown as { errors?: readonly unknown[] }).errors ?? [];
    throw new Error(`${config.topic}: ${messageOf(first ?? thrown)}`, { cause: thrown });
  }
}

/** Resolves when every partition of the topics, which may just have been made, has a leader. */
export async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  const end = Date.now() + leaderTimeoutMs;
  for (;;) {
    try {
      const { topics: found } = await admin.fetchTopicMetadata({ topics });
      if (found.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
      if (Date.now() > end) throw new Error(`some partition has had no leader for ${leaderTimeoutMs} ms.`);
    } catch (thrown) {
      if (Date.now() > end) throw thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function compare(admin: Admin, present: readonly ITopicConfig[]): Promise<TopicReport['differences']> {
  if (present.length === 0) return [];
  const metadata = await admin.fetchTopicMetadata({ topics: present.map(({ topic }) => topic) });
  const partitions = new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: present.map(({ topic, configEntries }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name: topic,
      configNames: configEntries?.map(({ name }) => name) ?? [],
    })),
  });
  return present.flatMap(({ topic, numPartitions, configEntries }) => {
    const found = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
    const pairs = (configEntries ?? []).map(({ name, value }) => ({
      setting: name,
      expected: value,
      found: found.find(({ configName }) => configName === name)?.configValue ?? 'unset',
    }));
    pairs.unshift({ setting: 'partitions', expected: String(numPartitions), found: String(partitions.get(topic)) });
    return pairs.filter((pair) => pair.expected !== pair.found).map((pair) => ({ topic, ...pair }));
  });
}
