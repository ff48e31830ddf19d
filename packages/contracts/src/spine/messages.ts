export * from './service-status.v1.ts';
export * from './stream-parked.v1.ts';
export * from './stream-unparked.v1.ts';
export * from './unpark-stream.v1.ts';
