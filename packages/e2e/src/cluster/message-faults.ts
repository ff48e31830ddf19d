import type { Delivery } from '@parley/bus';
import { createKafkaBus } from '@parley/bus/kafka';
import { deadLetterTopic } from '@parley/contracts';
import type { Replica } from '@parley/tools';
import type { Violation } from '../checker.ts';
import type { Fault } from './fault.ts';
import { plainKafka } from './kafka-client.ts';
import { durable, poisons } from './poison.ts';
import { until } from './recovery.ts';
import type { World } from './world.ts';

/** Copies a share of all messages behind what follows them. */
export async function startDuplicates({ brokers, random }: World, share: number) {
  const bus = createKafkaBus({ brokers, clientId: 'duplicates', onEvent: () => {} });
  let count = 0;
  const copy = ({ topic, message }: Delivery) => {
    count += 1;
    // Refused when this bus stops, which is when nobody counts any more.
    bus.publish(topic, [message]).catch(() => {});
  };
  await bus.subscribe({
    topics: durable.map(({ name }) => name),
    group: 'duplicates',
    async handler(batch) {
      for (const delivery of batch) if (random() < share) copy(delivery);
    },
  });
  return { count: () => count, stop: () => bus.stop() };
}

/** Every message that a service has ever had comes again, all of them at once. */
export function offsetsReset(service: Replica['service']): Fault {
  return {
    name: 'offsets of a group reset to 0',
    async inject({ cluster, brokers }) {
      const replicas = cluster.of(service);
      await Promise.all(replicas.map((replica) => replica.stop()));
      const admin = plainKafka(brokers).admin();
      await admin.connect();
      for (const { name: topic, partitions, readers } of durable) {
        if (!(readers as readonly string[]).includes(service)) continue;
        const all = Array.from({ length: partitions }, (_, partition) => ({ partition, offset: '0' }));
        await admin.setOffsets({ groupId: service, topic, partitions: all });
      }
      await admin.disconnect();
      for (const replica of replicas) replica.start();
      return { count: 1 };
    },
  };
}

/** Where one reader should have buried one poison. */
interface Grave {
  readonly name: string;
  /** group topic partition offset */
  readonly at: string;
}

/** What is no message, between those that are; and where it should end. */
export function createPoisoner() {
  const graves: Grave[] = [];
  const fault: Fault = {
    name: 'poison messages',
    async inject({ brokers, cluster }) {
      const started = new Set<string>(cluster.replicas.map(({ service }) => service));
      const producer = plainKafka(brokers).producer({ allowAutoTopicCreation: false });
      await producer.connect();
      let count = 0;
      const bury = async (topic: (typeof durable)[number]) => {
        for (const poison of poisons()) {
          if (!poison.topics.includes(topic.name)) continue;
          const { headers, value } = poison;
          const [sent] = await producer.send({ topic: topic.name, messages: [{ key: null, headers, value }] });
          count += 1;
          for (const group of poison.buriedBy(topic.readers.filter((reader) => started.has(reader)))) {
            const at = [group, topic.name, sent?.partition, sent?.baseOffset].join(' ');
            graves.push({ name: `${poison.name} on ${topic.name}`, at });
          }
        }
      };
      await Promise.all(durable.map(bury));
      await producer.disconnect();
      return { count };
    },
  };
  return { fault, graves: () => graves.length, missing: (world: World) => missing(world, graves) };
}

/** Reads the dead letters from their beginning. */
async function missing({ brokers }: World, graves: readonly Grave[]): Promise<Violation[]> {
  const found = new Set<string>();
  const bus = createKafkaBus({ brokers, clientId: 'graves', onEvent: () => {} });
  await bus.subscribe({
    topics: durable.map(({ name }) => deadLetterTopic(name)),
    group: 'graves',
    async handler(batch) {
      for (const { message } of batch) {
        const { group, topic, partition, offset } = message.data as Record<string, string>;
        found.add([group, topic, partition, offset].join(' '));
      }
    },
  });
  const lost = () => graves.filter(({ at }) => !found.has(at));
  await until('all are buried', async () => lost().length === 0, 30_000).catch(() => {});
  await bus.stop();
  return lost().map(({ name, at }) => ({ rule: 'poison is dead-lettered', detail: `${name}: ${at}` }));
}
