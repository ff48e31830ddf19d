export { createMemoryBus, type MemoryBusOptions } from './memory/memory-bus.ts';
export type {
  BatchHandler,
  BusEvent,
  Delivery,
  MessageBus,
  RawRecord,
  RecordPlace,
  SubscribeOptions,
  Subscription,
} from './message-bus.ts';
export { checkMessage, maxMessageBytes } from './message-check.ts';
