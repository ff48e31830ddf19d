export { asyncApiDocument } from './async-api.ts';
export { type Audience, audienceOf, audiences, probeTenant } from './audience.ts';
export { type DeadLetterV1, deadLetterV1, type Revived, revive } from './dead-letter.v1.ts';
export {
  type AccuracyCheck,
  type AccuracyCheckedV1,
  accuracyCheckedV1,
  accuracyChecks,
  samplerAgent,
} from './debate/accuracy-checked.v1.ts';
export { type AddNoteV1, addNoteV1 } from './debate/add-note.v1.ts';
export {
  type CancelDebateV1,
  cancelDebateV1,
} from './debate/cancel-debate.v1.ts';
export {
  closedStatuses,
  type DebateClosedV1,
  debateClosedV1,
} from './debate/debate-closed.v1.ts';
export { type DebatePausedV1, debatePausedV1 } from './debate/debate-paused.v1.ts';
export { type DebateResumedV1, debateResumedV1 } from './debate/debate-resumed.v1.ts';
export {
  type DebateStartedV1,
  debateStartedV1,
} from './debate/debate-started.v1.ts';
export {
  type DebateStoppedV1,
  debateStoppedV1,
} from './debate/debate-stopped.v1.ts';
export {
  type DegradationPolicy,
  type DegradationRule,
  type Degraded,
  degradationPolicy,
  degradedSchema,
  type Measures,
  measures,
} from './debate/degraded.ts';
export {
  type Citation,
  type Evidence,
  type EvidenceBody,
  evidenceListSchema,
  evidenceSchema,
  limitsOfEvidence,
} from './debate/evidence.ts';
export {
  type DebaterProfile,
  debaterProfileSchema,
  type Floor,
  floorSchema,
  modelNameSchema,
  noteSchema,
  notesKept,
  otherSide,
  type Side,
  sideSchema,
  sides,
} from './debate/floor.ts';
export { type JudgeSetup, judgeSetupSchema } from './debate/judge.ts';
export { debateKind, replayKind } from './debate/kinds.ts';
export { heldUp, type ModelWaitingV1, modelWaitingV1 } from './debate/model-waiting.v1.ts';
export { type NoteAddedV1, noteAddedV1 } from './debate/note-added.v1.ts';
export {
  type MeanScores,
  meanScoresSchema,
  rubric,
  type Scores,
  type StopReason,
  scoresSchema,
  stopReasonSchema,
  stopReasons,
  type Verdict,
  type Vote,
  verdictSchema,
  voteSchema,
} from './debate/outcome.ts';
export { type PauseDebateV1, pauseDebateV1 } from './debate/pause-debate.v1.ts';
export {
  type ReplayDebateV1,
  type ReplayRules,
  replayDebateV1,
  replayRulesSchema,
  type StopOverrides,
  type Thresholds,
} from './debate/replay-debate.v1.ts';
export { type ReplayFailedV1, replayFailedV1 } from './debate/replay-failed.v1.ts';
export { type ReplayFinishedV1, replayFinishedV1 } from './debate/replay-finished.v1.ts';
export { type ReplayStartedV1, replayStartedV1 } from './debate/replay-started.v1.ts';
export { type ReplayWaitingV1, replayWaitingV1 } from './debate/replay-waiting.v1.ts';
export { type ResumeDebateV1, resumeDebateV1 } from './debate/resume-debate.v1.ts';
export {
  type Checks,
  checksSchema,
  defaultMaxRounds,
  defaultMinRounds,
  defaultTopic,
  limits,
  replaySeconds,
  type StartDebateV1,
  startDebateV1,
  topicSchema,
  verdictReserveSeconds,
} from './debate/start-debate.v1.ts';
export { type TurnReceivedV1, turnReceivedV1 } from './debate/turn-received.v1.ts';
export {
  type Novelty,
  noveltySchema,
  type TurnRecordedV1,
  turnRecordedV1,
} from './debate/turn-recorded.v1.ts';
export { type TurnRejectedV1, turnRejectedV1 } from './debate/turn-rejected.v1.ts';
export {
  type VerdictGivenV1,
  verdictGivenV1,
} from './debate/verdict-given.v1.ts';
export { type DeltaV1, deltaV1 } from './debater/delta.v1.ts';
export { type TurnFailedV1, turnFailedV1 } from './debater/turn-failed.v1.ts';
export {
  limitsOfTurn,
  type TurnRepliedV1,
  turnRepliedV1,
  type Usage,
  usageSchema,
} from './debater/turn-replied.v1.ts';
export type {
  Decider,
  Decision,
  EffectOutcome,
  EffectRequest,
  Instant,
  Json,
  Named,
} from './decider.ts';
export {
  type ErrorCode,
  type ErrorStatus,
  errorCodes,
  isParleyError,
  messageOf,
  ParleyError,
  type ParleyErrorOptions,
} from './error.ts';
export {
  type Caller,
  type CreateKeyBody,
  callingTenant,
  createKeyBody,
  type KeyView,
  keyPage,
  keyView,
  type NewKeyView,
  newKeyView,
  rotateKeyBody,
  type Scope,
  scopeSchema,
  scopes,
} from './http/access.ts';
export { type AuditEntry, auditEntry, auditPage, auditQuery } from './http/audit.ts';
export {
  type DeadLetterDetail,
  type DeadLetterPage,
  type DeadLetterView,
  deadLetterDetail,
  deadLetterPage,
  deadLetterQuery,
  deadLetterView,
  replayedView,
  replayLetterBody,
} from './http/dead-letter.ts';
export {
  type AcceptedView,
  acceptedView,
  type CancelDebateBody,
  cancelDebateBody,
  type DebatePage,
  type DebateStatus,
  type DebateSummary,
  type DebateView,
  debatePage,
  debateStatuses,
  debateStatusSchema,
  debateSummary,
  debateView,
  noteBody,
  type PageQuery,
  pageQuery,
  pauseDebateBody,
  resumeDebateBody,
  type StartDebateBody,
  startDebateBody,
  startDebateOf,
  turnView,
} from './http/debate.ts';
export {
  type ParkedPage,
  type ParkedView,
  parkedPage,
  parkedView,
  unparkBody,
  unparkView,
} from './http/parked.ts';
export { type Problem, problemSchema } from './http/problem.ts';
export { type ReplayPage, type ReplayView, replayPage, replayStatuses, replayView } from './http/replay.ts';
export { type SlosView, type SloView, sloStatuses, slosView, sloView } from './http/slo.ts';
export { sequenceQuery, streamQuery } from './http/stream.ts';
export {
  type StreamPage,
  type StreamsQuery,
  type StreamView,
  streamPage,
  streamsQuery,
  streamView,
} from './http/streams.ts';
export {
  type ReplicaView,
  replicaView,
  type ServiceView,
  type SystemView,
  serviceView,
  systemView,
} from './http/system.ts';
export {
  firstDay,
  type Money,
  type Prices,
  pricesSchema,
  type Spent,
  spentSchema,
  type UsageQuery,
  type UsageView,
  usageQuery,
  usageView,
} from './http/usage.ts';
export {
  defaultTenant,
  type FromKafka,
  fromKafka,
  type KafkaForm,
  type Message,
  messageSchema,
  tenantSchema,
  toKafka,
} from './message.ts';
export {
  type Fact,
  type MessageType,
  messageTypes,
  type ReadFact,
  readFact,
} from './message-types.ts';
export {
  againAt,
  baseOf,
  isPassing,
  modelWait,
  type PassingFailure,
  reasonCharacters,
  type WaitEffect,
  waitedFor,
  waitFor,
  waitUntil,
} from './outage.ts';
export { storable, withoutHidden } from './plain-text.ts';
export { type ServiceName, serviceNames } from './services.ts';
export { backlogSchema, type ServiceStatusV1, serviceStatusV1 } from './spine/service-status.v1.ts';
export {
  type StreamParkedV1,
  streamParkedV1,
} from './spine/stream-parked.v1.ts';
export { type StreamUnparkedV1, streamUnparkedV1 } from './spine/stream-unparked.v1.ts';
export { type UnparkStreamV1, unparkStreamV1 } from './spine/unpark-stream.v1.ts';
export { type FactPlace, isEnded, placeOfFact, type RunStatus, runStatuses, type StreamKind } from './stream-kind.ts';
export { streamKinds } from './stream-kinds.ts';
export {
  deadLetterTopic,
  type Topic,
  type TopicName,
  topics,
} from './topics.ts';
