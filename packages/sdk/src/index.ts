export type {
  CancelDebateBody,
  DebatePage,
  DebateStatus,
  DebateSummary,
  DebateView,
  PageQuery,
  Problem,
  ReplayRules,
  ReplayView,
  SlosView,
  StartDebateBody,
  StreamKind,
  UsageQuery,
  UsageView,
} from '@parley/contracts';
export { debateKind, replayKind } from '@parley/contracts/debate/kinds.ts';
export { type ErrorCode, isParleyError, ParleyError } from '@parley/contracts/error.ts';
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
