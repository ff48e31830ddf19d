// For a service's `main.ts`: apart from the rest because it brings Kafka along.
export {
  type ConsumerLivenessDeps,
  createConsumerLiveness,
} from './consumer-health.ts';
export { kafkaConnection } from './kafka-connection.ts';
export { hostService } from './service-host.ts';
export { serviceMain, unusableExitCode } from './service-main.ts';
