// For a service's `main.ts`: apart from the rest because it brings Kafka along.
export { kafkaConnection } from './kafka-connection.ts';
export { type HostedService, type HostOptions, hostService } from './service-host.ts';
