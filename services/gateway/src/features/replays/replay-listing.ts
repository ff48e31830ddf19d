import type { Fact } from '@parley/contracts';
import type { ReplayView } from '@parley/contracts/debate';
import type { Listed, StreamRow } from '../../streams/stream-store.ts';
import { waitingFor } from './replay-presented.ts';

/** What lists and views show of a replay beside what they show of every stream. */
export type ReplayListing = Pick<ReplayView, 'rules' | 'result' | 'reason'>;
type Change = Pick<Listed, 'status'> &
  Partial<Pick<Listed, 'closedAt' | 'parent'>> & { readonly summary?: Partial<ReplayListing> };

/** Listing of a replay of which no fact is known yet. */
export const emptyListing: ReplayListing = { rules: {}, result: null, reason: null };

/** What lists show of a replay after one more fact; undefined for a fact that changes nothing listed. */
export function evolveReplay(
  before: Listed<ReplayListing> | undefined,
  fact: Fact,
  at: string,
): Listed<ReplayListing> | undefined {
  const change = changeOf(fact, at);
  if (change === undefined) return undefined;
  const known = before ?? { title: '', summary: emptyListing, createdAt: at, closedAt: null, parent: null };
  return { ...known, ...change, summary: { ...emptyListing, ...known.summary, ...change.summary } };
}

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
