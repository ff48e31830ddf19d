import { addUsage, type Fact, noUsage } from '@parley/contracts';
import type { RunView } from '@parley/contracts/run';
import type { Listed, StreamRow } from '../../streams/stream-store.ts';

/** What lists and views show of a run beside what they show of every stream. */
export type RunListing = Pick<RunView, 'agent' | 'answer' | 'reason' | 'questions' | 'usage'>;

/** Characters of what was asked that a list shows. */
export const titleCharacters = 200;

export const emptyListing: RunListing = {
  agent: '',
  answer: null,
  reason: null,
  questions: [],
  usage: noUsage,
};

/** What lists show of a run after one more fact; undefined for a fact that changes nothing listed. */
export function evolveRun(
  before: Listed<RunListing> | undefined,
  fact: Fact,
  at: string,
): Listed<RunListing> | undefined {
  const listing = { ...emptyListing, ...before?.summary };
  const summary = changeOf(listing, fact);
  if (summary === undefined) return undefined;
  const known = before ?? { title: '', createdAt: at, parent: null };
  const after = { ...listing, ...summary };
  const end = endOf(fact);
  return {
    ...known,
    title: known.title || (fact.type === 'run-started.v1' ? fact.data.input.slice(0, titleCharacters) : ''),
    status: end ?? (after.questions.length > 0 ? 'asking' : 'working'),
    closedAt: end === undefined ? null : at,
    summary: after,
  };
}

function changeOf({ usage, questions }: RunListing, { type, data }: Fact): Partial<RunListing> | undefined {
  switch (type) {
    case 'run-started.v1':
      return { agent: data.agent };
    case 'thought.v1':
      return { usage: addUsage(usage, data.usage), reason: null };
    case 'thought-rejected.v1':
      return { usage: data.usage === undefined ? usage : addUsage(usage, data.usage), reason: data.reason };
    case 'run-waiting.v1':
      return { reason: data.reason };
    case 'question-asked.v1':
      return { questions: [...questions, data] };
    case 'question-answered.v1':
      return { questions: questions.filter(({ question }) => question !== data.question) };
    case 'run-replied.v1':
      return { answer: data.text, questions: [], reason: null };
    case 'run-failed.v1':
      return { reason: data.reason, questions: [] };
    case 'run-cancelled.v1':
      return { reason: data.reason ?? null, questions: [] };
    default:
      return undefined;
  }
}

function endOf({ type }: Fact): RunView['status'] | undefined {
  switch (type) {
    case 'run-replied.v1':
      return 'replied';
    case 'run-failed.v1':
      return 'failed';
    case 'run-cancelled.v1':
      return 'cancelled';
    default:
      return undefined;
  }
}

/** A run's row in the form that users get. */
export function viewOf({ id, title, status, createdAt, closedAt, summary }: StreamRow): RunView {
  const listing = { ...emptyListing, ...(summary as Partial<RunListing>) };
  return { id, status: status as RunView['status'], input: title, createdAt, closedAt, ...listing };
}
