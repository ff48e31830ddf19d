import type { Fact } from '@parley/contracts';
import { type ReplayView, replayKind } from '@parley/contracts/debate';
import type { End, Presented } from '../../domain/presented.ts';
import type { Feature } from '../../streams/feature.ts';
import type { Listed, StreamRow } from '../../streams/stream-store.ts';

/** What lists and views show of a replay beside what they show of every stream. */
export type ReplayListing = Pick<ReplayView, 'rules' | 'result' | 'reason'>;
type Change = Pick<Listed, 'status'> &
  Partial<Pick<Listed, 'closedAt' | 'parent'>> & { readonly summary?: Partial<ReplayListing> };

/** Listing of a replay of which no fact is known yet. */
export const emptyListing: ReplayListing = { rules: {}, result: null, reason: null };

export const replayFeature: Feature<ReplayListing> = {
  kind: replayKind,
  evolve(before, fact, at) {
    const change = changeOf(fact, at);
    if (change === undefined) return undefined;
    const known = before ?? { title: '', summary: emptyListing, createdAt: at, closedAt: null, parent: null };
    return { ...known, ...change, summary: { ...emptyListing, ...known.summary, ...change.summary } };
  },
  present: presentReplay,
};

function changeOf(fact: Fact, at: string): Change | undefined {
  switch (fact.type) {
    case 'replay-started.v1':
      return { status: 'judging', parent: fact.data.debate, summary: { rules: fact.data.rules, reason: null } };
    case 'replay-waiting.v1':
      return { status: 'judging', summary: { reason: waitingFor(fact.data.reason) } };
    case 'replay-finished.v1': {
      const { debate: parent, ...result } = fact.data;
      return { status: 'finished', parent, closedAt: at, summary: { result, reason: null } };
    }
    case 'replay-failed.v1':
      return { status: 'failed', closedAt: at, summary: { reason: fact.data.reason } };
    default:
      return undefined;
  }
}

function presentReplay({ type, data }: Fact): Presented | undefined {
  const ended = (status: End['status'], reason: string): Presented => ({
    status,
    end: { status, reason, isCutShort: false, data: {} },
  });
  switch (type) {
    case 'replay-started.v1':
      return { status: 'working' };
    case 'replay-waiting.v1':
      return { progress: waitingFor(data.reason) };
    case 'replay-finished.v1':
      return ended('completed', 'finished');
    case 'replay-failed.v1':
      return ended('failed', data.reason);
    default:
      return undefined;
  }
}

const waitingFor = (reason: string): string => `Waiting for the judge's model: ${reason}`;

/** A replay's row in the form that users get. */
export function viewOf({ id, parent, status, createdAt, closedAt, summary }: StreamRow): ReplayView {
  return {
    id,
    debate: parent ?? '',
    status: status as ReplayView['status'],
    createdAt,
    finishedAt: closedAt,
    ...emptyListing,
    ...(summary as Partial<ReplayListing>),
  };
}
