import { type Artifact, type Message, type Part, Role, type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import { type RunStatus, runStatuses } from '@parley/contracts';
import { isQuestion, type Artifact as Presented, progressOf, type TextPlace } from '../../domain/presented.ts';
import type { AgentPort, AgentWork, AgentWorkView } from '../../streams/agent-port.ts';
import type { StreamEvent } from '../../streams/event-store.ts';

/** Source: A2A 1.0 §4.1.3, which has no state for work that is paused. */
const states: Readonly<Record<RunStatus, TaskState>> = {
  submitted: TaskState.TASK_STATE_SUBMITTED,
  working: TaskState.TASK_STATE_WORKING,
  paused: TaskState.TASK_STATE_WORKING,
  'input-required': TaskState.TASK_STATE_INPUT_REQUIRED,
  completed: TaskState.TASK_STATE_COMPLETED,
  canceled: TaskState.TASK_STATE_CANCELED,
  failed: TaskState.TASK_STATE_FAILED,
  rejected: TaskState.TASK_STATE_REJECTED,
};
export const statusesOf = (state: TaskState): RunStatus[] => runStatuses.filter((status) => states[status] === state);

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

/** The same for a text while it is written and when it is recorded. */
export const artifactNames = ({ id, name }: Pick<TextPlace, 'id' | 'name'>) => ({
  artifactId: id,
  name,
  description: '',
  extensions: [],
});

/** The number of an artifact's event is in its metadata. */
function artifactOf(artifact: Presented, sequence: number): Artifact {
  return {
    ...artifactNames(artifact),
    parts: [text(artifact.text)],
    metadata: { sequence, ...artifact.metadata },
  };
}

/**
 * A piece of work is a task, and its own context.
 * @param historyLength of messages; there is one, the topic. Source: A2A 1.0 §3.2.4
 */
export function taskOf(
  { id, title, status, words = '', closedAt, createdAt, ...work }: AgentWork & Partial<AgentWorkView>,
  historyLength: number | undefined,
): Task {
  return {
    id,
    contextId: id,
    status: {
      state: states[status],
      message: words === '' ? undefined : message(id, 'status', Role.ROLE_AGENT, words.trimEnd()),
      timestamp: closedAt ?? createdAt,
    },
    artifacts: (work.artifacts ?? []).map((artifact) => artifactOf(artifact, artifact.sequence)),
    history: historyLength === 0 ? [] : [message(id, 'topic', Role.ROLE_USER, title)],
    metadata: work.sequence === undefined ? {} : { sequence: work.sequence },
  };
}

/** What an event is to who streams. All events have their number, those too that are no news of this agent. */
export function updateOf(agent: Pick<AgentPort, 'present'>, id: string, event: StreamEvent): StreamResponse {
  const of = { taskId: id, contextId: id, metadata: { sequence: event.seq, type: event.type } };
  const presented = agent.present(event);
  const { artifact, status, end } = presented;
  if (artifact !== undefined && end === undefined && !isQuestion(presented)) {
    // Whole, in the place of whatever pieces of it have come.
    const value = { ...of, artifact: artifactOf(artifact, event.seq), append: false, lastChunk: true };
    return { payload: { $case: 'artifactUpdate', value } };
  }
  const words = progressOf(presented);
  const said = words === undefined ? undefined : message(id, String(event.seq), Role.ROLE_AGENT, words.trimEnd());
  const state = states[status ?? 'working'];
  return {
    payload: { $case: 'statusUpdate', value: { ...of, status: { state, message: said, timestamp: event.at } } },
  };
}
