import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';

const { PARLEY_TEST_KAFKA_BROKERS, PARLEY_TEST_COMPONENTS = '', CI } = process.env;

if (CI === 'true' && PARLEY_TEST_COMPONENTS.split(',').includes('kafka') && !PARLEY_TEST_KAFKA_BROKERS) {
  throw new Error('PARLEY_TEST_COMPONENTS asks for kafka: name brokers in PARLEY_TEST_KAFKA_BROKERS.');
}

/** The real brokers, if there are any. */
export const brokers = PARLEY_TEST_KAFKA_BROKERS?.split(',').filter(Boolean) ?? [];

/** A client without anything of ours, for what no adapter would write. */
export function plainClient(): Kafka {
  const { Kafka, logLevel } = createRequire(import.meta.url)('kafkajs') as typeof import('kafkajs');
  return new Kafka({ brokers: [...brokers], clientId: 'test', logLevel: logLevel.NOTHING });
}

let made = 0;

/** A name that no other test, run or process has. */
export function freshName(what: string): string {
  return `${what}.${process.pid}.${Date.now().toString(36)}.${++made}`;
}
