import { type Artifact, type Message, type Part, Role, type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import {
  type DebateStatus,
  type DebateSummary,
  type DebateView,
  type Fact,
  readFact,
  type Side,
} from '@parley/contracts';
import { progressOf, teams, wordsOf } from '../../domain/transcript.ts';
import type { StreamEvent } from '../../streams/event-store.ts';

const states: Readonly<Record<DebateStatus, TaskState>> = {
  accepted: TaskState.TASK_STATE_SUBMITTED,
  debating: TaskState.TASK_STATE_WORKING,
  paused: TaskState.TASK_STATE_WORKING,
  judging: TaskState.TASK_STATE_WORKING,
  closed: TaskState.TASK_STATE_COMPLETED,
  cancelled: TaskState.TASK_STATE_CANCELED,
  failed: TaskState.TASK_STATE_FAILED,
  parked: TaskState.TASK_STATE_FAILED,
};
export const statusesOf = (state: TaskState): DebateStatus[] =>
  (Object.keys(states) as DebateStatus[]).filter((status) => states[status] === state);

export const text = (value: string): Part => ({
  content: { $case: 'text', value },
  metadata: undefined,
  filename: '',
  mediaType: 'text/plain',
});

function message(id: string, word: string, role: Role, words: string): Message {
  const of = { messageId: `${id}/${word}`, contextId: id, taskId: id, role, parts: [text(words)] };
  return { ...of, metadata: undefined, extensions: [], referenceTaskIds: [] };
}

type Turn = Pick<Fact<'turn-recorded.v1'>['data'], 'round' | 'side' | 'text' | 'model' | 'isRehearsal'>;

/** The same for a turn while it is written and when it is recorded. */
export const artifactNames = ({ round, side }: Pick<Turn, 'round' | 'side'>) => ({
  artifactId: `turn-${round}-${side}`,
  name: `${teams[side]}, round ${round}`,
  description: '',
  extensions: [],
});

/** A turn is an artifact; the number of its event is in its metadata. */
function artifact({ round, side, text: words, model, isRehearsal }: Turn, sequence: number): Artifact {
  const metadata = { sequence, round, side, model, isRehearsal };
  return { ...artifactNames({ round, side }), parts: [text(words)], metadata };
}

/**
 * A debate is a task, and its own context. Of one side only its turns are shown.
 * @param historyLength of messages; there is one, the topic. Source: A2A 1.0 §3.2.4
 */
export function taskOf(
  debate: DebateSummary & Partial<DebateView>,
  side: Side | undefined,
  historyLength: number | undefined,
): Task {
  const { id, topic, status, closedAt, createdAt, lastSequence, turns = [], stopReason, verdict } = debate;
  const said = verdict === null ? undefined : wordsOf({ type: 'verdict-given.v1', data: { verdict } });
  const words =
    side === undefined && said !== undefined ? said.trimEnd() : stopReason === null ? '' : `Stopped: ${stopReason}.`;
  return {
    id,
    contextId: id,
    status: {
      state: states[status],
      message: words === '' ? undefined : message(id, 'status', Role.ROLE_AGENT, words),
      timestamp: closedAt ?? createdAt,
    },
    artifacts: turns
      .filter((turn) => side === undefined || turn.side === side)
      .map((turn) => artifact(turn, turn.sequence)),
    history: historyLength === 0 ? [] : [message(id, 'topic', Role.ROLE_USER, topic)],
    metadata: lastSequence === undefined ? {} : { sequence: lastSequence },
  };
}

/** What an event is to who streams. All events have their number, those too that are no news of this side. */
export function updateOf(id: string, event: StreamEvent, side: Side | undefined): StreamResponse {
  const of = { taskId: id, contextId: id, metadata: { sequence: event.seq, type: event.type } };
  const read = readFact(event);
  const fact = read.ok ? read.fact : undefined;
  if (fact?.type === 'turn-recorded.v1' && (side === undefined || fact.data.side === side)) {
    // Whole, in the place of whatever pieces of it have come.
    const value = { ...of, artifact: artifact(fact.data, event.seq), append: false, lastChunk: true };
    return { payload: { $case: 'artifactUpdate', value } };
  }
  const words =
    fact === undefined || fact.type === 'turn-recorded.v1' || side !== undefined ? undefined : progressOf(fact);
  const said = words === undefined ? undefined : message(id, String(event.seq), Role.ROLE_AGENT, words.trimEnd());
  const state = fact?.type === 'debate-closed.v1' ? states[fact.data.status] : TaskState.TASK_STATE_WORKING;
  return {
    payload: { $case: 'statusUpdate', value: { ...of, status: { state, message: said, timestamp: event.at } } },
  };
}
