export { createAgentModel, openAgentModel } from './agent-model.ts';
export { type Env, readEnv } from './config.ts';
export { createDeadLetters, type DeadLetters } from './dead-letters.ts';
export { type AgentEnv, agentEnv, type HostEnv, hostEnv, kafkaEnv, modelEnv, processEnv } from './env.ts';
export type { ReadyCheck } from './health.ts';
export { newId, newNonce } from './id.ts';
export { createIntake, type IntakeOptions, type Reading } from './intake.ts';
export { type Leaving, leaveOnSignal } from './leave.ts';
export { createLogger, type Logger, silentLogger } from './logger.ts';
export { type MeasuredModelEvent, measureModel } from './model-metrics.ts';
export { BadRequest, onlyMethods, parse } from './problem.ts';
export { type MeasuredHooks, measureSpine } from './spine-metrics.ts';
export {
  createStreamService,
  type ServiceParts,
  type StreamService,
  type StreamServiceOptions,
} from './stream-service.ts';
export { traceIdOf, traceparentOf } from './trace-context.ts';
export { createWeb, type Listening, listen, type WebOptions } from './web.ts';
