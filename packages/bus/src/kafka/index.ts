export type { KafkaConnection, KafkaSasl, KafkaTls } from './client.ts';
export { createKafkaBus, type KafkaBus, type KafkaBusHealth, type KafkaBusOptions } from './kafka-bus.ts';
export { ensureTopics, type TopicReport, type TopicsOptions } from './topics.ts';
