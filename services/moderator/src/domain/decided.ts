import type { Decision, EffectRequest } from '@parley/contracts';
import type { DebateEffect, DebateEvent } from './debate-state.ts';

export type Decided = Decision<DebateEvent, DebateEffect>;

export const refuse = (code: string): Decided => ({ ok: false, code });

export const accept = (
  events: readonly DebateEvent[],
  effects: readonly EffectRequest<DebateEffect>[] = [],
): Decided => ({ ok: true, events, effects });
