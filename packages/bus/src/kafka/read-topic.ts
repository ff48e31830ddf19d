import { randomUUID } from 'node:crypto';
import type { Message } from '@parley/contracts';
import { createClient, type KafkaConnection, shortRetries } from './client.ts';
import { consumerSettings } from './group-member.ts';
import { readRecord } from './record.ts';

export interface KeptMessage {
  readonly message: Message;
  readonly partition: number;
  readonly offset: string;
}

/**
 * What a topic holds at this moment, oldest first in each partition, without taking anything from anybody. For topics
 * that people look into: the whole topic is held in memory. A topic that does not exist is empty.
 */
export async function readTopic(connection: KafkaConnection, topic: string): Promise<KeptMessage[]> {
  const client = createClient(connection, shortRetries);
  const admin = client.admin();
  const groupId = `parley-reader-${randomUUID()}`;
  const consumer = client.consumer({ groupId, ...consumerSettings });
  const kept: KeptMessage[] = [];
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) return [];
    const ends = new Map<number, bigint>();
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(partition, BigInt(high));
    }
    if (ends.size === 0) return [];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const end = ends.get(batch.partition);
        if (end === undefined) return;
        for (const record of batch.messages) {
          if (BigInt(record.offset) >= end) break;
          const read = readRecord(record);
          if (read.ok) kept.push({ message: read.message, partition: batch.partition, offset: record.offset });
        }
        if (BigInt(batch.lastOffset()) + 1n >= end) ends.delete(batch.partition);
        if (ends.size === 0) resolve();
      },
    });
    await promise;
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => {});
    return kept;
  } finally {
    await admin.disconnect();
  }
}
