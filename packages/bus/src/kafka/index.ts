export type { KafkaConnection, KafkaSasl, KafkaTls } from './client.ts';
export { createKafkaBus, type KafkaBus, type KafkaBusHealth, type KafkaBusOptions } from './kafka-bus.ts';
export { type KeptMessage, readTopic } from './read-topic.ts';
export { ensureTopics, missingTopics, type TopicReport, type TopicsOptions } from './topics.ts';
