// For a service's `main.ts`: apart from the rest because it brings Kafka along.
export { createHearing, type HearingDeps } from './hearing.ts';
export { kafkaConnection } from './kafka-connection.ts';
export { type HostedService, type HostOptions, hostService } from './service-host.ts';
export { serviceMain, unusableExitCode } from './service-main.ts';
