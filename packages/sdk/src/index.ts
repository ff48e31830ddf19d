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
  UsageQuery,
  UsageView,
} from '@parley/contracts';
export { type ErrorCode, isParleyError, ParleyError } from '@parley/contracts/error.ts';
export type { FollowedEvent } from './follow.ts';
export { createParley, type Parley, type ParleyOptions } from './parley.ts';
export type { CallOptions } from './request.ts';
