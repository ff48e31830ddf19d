export type { StreamKind } from '@parley/contracts';
export type {
  CancelDebateBody,
  DebatePage,
  DebateStatus,
  DebateSummary,
  DebateView,
  PageQuery,
  ReplayRules,
  ReplayView,
  StartDebateBody,
} from '@parley/contracts/debate';
export { debateKind, replayKind } from '@parley/contracts/debate/kinds.ts';
export { type ErrorCode, isParleyError, ParleyError } from '@parley/contracts/error.ts';
export type { Problem, SlosView, UsageQuery, UsageView } from '@parley/contracts/http';
export type { AgentView, RunAnswerBody, RunView, StartRunBody } from '@parley/contracts/run';
export { runKind } from '@parley/contracts/run/kinds.ts';
export {
  type FollowedEvent,
  type FollowOptions,
  type FollowState,
  followStream,
  type NumberedFact,
  type OpenStream,
  type WrittenPiece,
} from './follow.ts';
export { createParley, type Parley, type ParleyOptions } from './parley.ts';
export type { CallOptions } from './request.ts';
