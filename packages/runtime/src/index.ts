export { type Env, readEnv } from './config.ts';
export { newId, newNonce } from './id.ts';
export { createIntake, type IntakeOptions, type Reading } from './intake.ts';
export { createLogger, type Logger, silentLogger } from './logger.ts';
export { BadRequest, parse } from './problem.ts';
export { type MeasuredHooks, measureSpine } from './spine-metrics.ts';
export { traceIdOf, traceparentOf } from './trace-context.ts';
export { createWeb, type Listening, listen, type ReadyCheck, type WebOptions } from './web.ts';
