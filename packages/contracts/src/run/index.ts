export * from './call.ts';
export * from './kinds.ts';
export * from './messages.ts';
export * from './run-body.ts';
export * from './run-limits.ts';
export * from './run-view.ts';
