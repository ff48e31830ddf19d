import { createRequire } from 'node:module';
import { describe } from '@jest/globals';
import { isDemanded } from '@parley/testkit';
import type { Kafka } from 'kafkajs';
import { type BusEvent, maxMessageBytes } from '../src/index.ts';
import { createKafkaBus, type KafkaBus, type KafkaBusOptions } from '../src/kafka/index.ts';
import { untilLed } from '../src/kafka/topics.ts';
import { brokers } from './brokers.ts';

export { brokers };

if (isDemanded('kafka') && brokers.length === 0) {
  throw new Error('PARLEY_TEST_COMPONENTS asks for kafka: name brokers in PARLEY_TEST_KAFKA_BROKERS.');
}

/** `describe` where there are brokers; without them its tests count as skipped. */
export const describeOnKafka = brokers.length > 0 ? describe : describe.skip;

/** A client without anything of ours, for what no adapter would do. */
export function plainClient(): Kafka {
  const { Kafka, logLevel } = createRequire(import.meta.url)('kafkajs') as typeof import('kafkajs');
  return new Kafka({ brokers: [...brokers], clientId: 'test', logLevel: logLevel.NOTHING });
}

let made = 0;

/** A name that no other test, run or process has. */
export function freshName(what: string): string {
  return `${what}.${process.pid}.${Date.now().toString(36)}.${++made}`;
}

/** Buses and topics of one test file, given back at its end. */
export function kafkaFixture() {
  const admin = plainClient().admin();
  const topics: string[] = [];
  const buses: KafkaBus[] = [];
  const events: BusEvent[] = [];
  return {
    admin,
    /** What all buses have said since the last `bus()`. */
    events,
    async topic(numPartitions = 1, maxBytes = maxMessageBytes * 2): Promise<string> {
      const topic = freshName('topic');
      topics.push(topic);
      const configEntries = [{ name: 'max.message.bytes', value: String(maxBytes) }];
      await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: false });
      await untilLed(admin, [topic]);
      return topic;
    },
    bus(options: Partial<KafkaBusOptions> = {}): KafkaBus {
      events.length = 0;
      const onEvent = (event: BusEvent) => void events.push(event);
      const redeliveryDelayMs = { initial: 1, max: 4 };
      const bus = createKafkaBus({ brokers, clientId: 'test', redeliveryDelayMs, onEvent, ...options });
      buses.push(bus);
      return bus;
    },
    async open(): Promise<void> {
      await admin.connect();
    },
    async stopBuses(): Promise<void> {
      await Promise.all(buses.splice(0).map((bus) => bus.stop()));
    },
    async close(): Promise<void> {
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await admin.disconnect();
    },
  };
}
