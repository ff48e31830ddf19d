export { createAgentModel, openAgentModel, policyOf } from './agent-model.ts';
export { callerOf, setCaller } from './caller.ts';
export { traceChat, traceEmbedding } from './chat-span.ts';
export { type Env, problemsOf, readEnv } from './config.ts';
export { measureConsumer } from './consumer-metrics.ts';
export { createDeadLetters, type DeadLetters } from './dead-letters.ts';
export {
  type AgentEnv,
  agentEnv,
  type HostEnv,
  hostEnv,
  kafkaEnv,
  modelEnv,
  processEnv,
  spineSettings,
} from './env.ts';
export type { ReadyCheck } from './health.ts';
export { createHosting, type Hosting } from './hosting.ts';
export { measureAs } from './http-metrics.ts';
export { idOf, newId, newNonce, newSecret } from './id.ts';
export { createIntake, type IntakeHooks, type IntakeOptions, type Reading } from './intake.ts';
export { createLogger, type Logger, silentLogger } from './logger.ts';
export { type Handling, traceDeliveries } from './message-spans.ts';
export { type MeasuredModelEvent, measureModel } from './model-metrics.ts';
export {
  answerFaults,
  BadRequest,
  type Fault,
  faultOf,
  isUnreadable,
  logFault,
  onlyMethods,
  parse,
} from './problem.ts';
export { measureProcess } from './process-metrics.ts';
export { type MeasuredPrompt, measurePrompts, type PromptMeter } from './prompt-metrics.ts';
export { type Replica, thisReplica } from './replica.ts';
export type {
  ConfiguredService,
  HostedAgent,
  HostedParts,
  HostedService,
  ServiceModule,
} from './service-module.ts';
export { type Shutdown, shutdownSignal } from './shutdown.ts';
export { type MeasuredHooks, measureSpine, type ServiceHooks } from './spine-metrics.ts';
export { traceSpine, traceTick } from './spine-spans.ts';
export { createStatusReport, statusEverySeconds } from './status-report.ts';
export {
  createStreamService,
  type ServiceParts,
  type StreamService,
  type StreamServiceOptions,
} from './stream-service.ts';
export { traceIdOf, traceparentOf } from './trace-context.ts';
export { type Upgrade, upgradeOf } from './upgrade.ts';
export { createWeb, type Listening, listen, type WebOptions } from './web.ts';
