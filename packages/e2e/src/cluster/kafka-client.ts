import kafkajs from 'kafkajs';

/** A client without anything of ours, for what no adapter would do. */
export function plainKafka(brokers: readonly string[]): kafkajs.Kafka {
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId: 'chaos',
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 100 },
  });
}
