import type { Fact } from '@parley/contracts';
import type { DebateSummary } from '@parley/contracts/debate';
import type { Listed, StreamRow } from '../../streams/stream-store.ts';

/** What lists and views show of a debate beside what they show of every stream. */
export interface DebateListing extends Pick<DebateSummary, 'maxRounds' | 'stopReason' | 'alsoTrue' | 'verdict'> {
  readonly detail: string | null;
}
type Change = Partial<Pick<Listed, 'status' | 'title' | 'closedAt'>> & { readonly summary?: Partial<DebateListing> };

/** Listing of a debate of which no fact is known yet. */
export const emptyListing: DebateListing = {
  maxRounds: 1,
  stopReason: null,
  alsoTrue: [],
  verdict: null,
  detail: null,
};

/** What lists show of a debate after one more fact; undefined for a fact that changes nothing listed. */
export function evolveDebate(
  before: Listed<DebateListing> | undefined,
  fact: Fact,
  at: string,
): Listed<DebateListing> | undefined {
  const change = changeOf(fact, at);
  if (change === undefined) return undefined;
  const known = before ?? {
    status: 'debating',
    title: '',
    summary: emptyListing,
    createdAt: at,
    closedAt: null,
    parent: null,
  };
  const title = known.title || change.title || '';
  return { ...known, ...change, title, summary: { ...emptyListing, ...known.summary, ...change.summary } };
}

function changeOf(fact: Fact, at: string): Change | undefined {
  switch (fact.type) {
    case 'debate-started.v1':
      return { status: 'debating', title: fact.data.topic, summary: { maxRounds: fact.data.maxRounds } };
    case 'debate-paused.v1':
      return { status: 'paused' };
    case 'debate-resumed.v1':
      return { status: 'debating' };
    case 'debate-stopped.v1': {
      const { stopReason, alsoTrue, detail } = fact.data;
      return { status: 'judging', summary: { stopReason, alsoTrue, ...(detail === undefined ? {} : { detail }) } };
    }
    case 'verdict-given.v1':
      return { status: 'judging', summary: { verdict: fact.data.verdict } };
    case 'debate-closed.v1':
      return { status: fact.data.status, closedAt: at, summary: { stopReason: fact.data.stopReason } };
    default:
      return undefined;
  }
}

/** A debate's row in the form that users get. */
export function summaryOf({ id, title, status, createdAt, closedAt, summary }: StreamRow): DebateSummary {
  const { maxRounds, stopReason, alsoTrue, verdict } = { ...emptyListing, ...(summary as Partial<DebateListing>) };
  return {
    id,
    topic: title,
    status: status as DebateSummary['status'],
    maxRounds,
    createdAt,
    closedAt,
    stopReason,
    alsoTrue,
    verdict,
  };
}
