import { type AGUIEvent, EventType, type Message } from '@ag-ui/core';
import { type Artifact, type End, hasFailed, type Piece, type Presented, progressOf } from '../../domain/presented.ts';
import type { AgentPort } from '../../streams/agent-port.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { createPartialText } from '../../streams/partial-text.ts';

export interface Run {
  readonly threadId: string;
  readonly runId: string;
  /** The work that it shows. */
  readonly id: string;
  /** Those that the client has already. */
  readonly messages: readonly Message[];
}

/**
 * An agent's events in the words of AG-UI: its texts are messages that grow while they are written, in steps where it
 * has any, all else custom events. What was told of a text and does not count is taken back by a snapshot of all
 * messages, the only event of the protocol that takes anything back.
 */
export function createTranslation(agent: Pick<AgentPort, 'present' | 'kind'>, { threadId, runId, id, messages }: Run) {
  const { name: kind } = agent.kind;
  let step: string | undefined;
  /** Message of the text that is being written. */
  let open: string | undefined;
  const listening = createPartialText();
  const known = [...messages];

  function* told(event: StreamEvent, presented: Presented): Generator<AGUIEvent> {
    const { artifact, message, words = '', givesUp, end } = presented;
    if (artifact !== undefined) yield* record(artifact);
    if (givesUp === true && listening.giveUp() !== undefined) yield* takeBack();
    if (message !== undefined) {
      yield* stepTo(undefined);
      yield* whole(`${id}/${message.id}`, message.author, words.trimEnd());
    } else if (end !== undefined) {
      yield* stepTo(undefined);
      yield ended(end);
    } else if (artifact === undefined) {
      yield { type: EventType.CUSTOM, name: event.type, value: event.data };
    }
  }

  function* record(artifact: Artifact): Generator<AGUIEvent> {
    const { kind: lacks, text } = listening.record(artifact);
    if (lacks === 'another') yield* takeBack();
    yield* stepTo(artifact.step);
    if (lacks !== 'rest') return yield* whole(messageIdOf(artifact), artifact.author, text);
    yield* content(messageIdOf(artifact), text);
    yield { type: EventType.TEXT_MESSAGE_END, messageId: messageIdOf(artifact) };
    open = undefined;
    known.push({ id: messageIdOf(artifact), role: 'assistant', name: artifact.author, content: artifact.text });
  }

  function* written(piece: Piece): Generator<AGUIEvent> {
    const { givenUp, more, isFirst } = listening.hear(piece);
    if (givenUp !== undefined) yield* takeBack();
    const messageId = messageIdOf(piece);
    if (isFirst) {
      yield* stepTo(piece.step);
      yield { type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant', name: piece.author };
      open = messageId;
    }
    yield* content(messageId, more);
  }

  function* takeBack(): Generator<AGUIEvent> {
    if (open === undefined) return;
    yield { type: EventType.TEXT_MESSAGE_END, messageId: open };
    open = undefined;
    yield { type: EventType.MESSAGES_SNAPSHOT, messages: [...known] };
  }

  function* stepTo(next: string | undefined): Generator<AGUIEvent> {
    if (step === next) return;
    if (step !== undefined) yield { type: EventType.STEP_FINISHED, stepName: step };
    if (next !== undefined) yield { type: EventType.STEP_STARTED, stepName: next };
    step = next;
  }

  function* whole(messageId: string, name: string, words: string): Generator<AGUIEvent> {
    yield { type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant', name };
    yield* content(messageId, words);
    yield { type: EventType.TEXT_MESSAGE_END, messageId };
    known.push({ id: messageId, role: 'assistant', name, content: words });
  }

  function ended(end: End): AGUIEvent {
    if (hasFailed(end)) {
      return { type: EventType.RUN_ERROR, message: `The ${kind} failed: ${end.reason}.`, code: end.reason };
    }
    return { type: EventType.RUN_FINISHED, threadId, runId, result: { [kind]: id, ...end.data } };
  }

  /** The run ends, and another one that resumes it goes on. Source: AG-UI 1.0, Interrupts. */
  function* interrupted(event: StreamEvent, presented: Presented): Generator<AGUIEvent> {
    if (listening.giveUp() !== undefined) yield* takeBack();
    yield* stepTo(undefined);
    const message = progressOf(presented)?.trimEnd();
    const interrupt = { id: `${id}/${event.seq}`, reason: 'input_required', ...(message && { message }) };
    yield {
      type: EventType.RUN_FINISHED,
      threadId,
      runId,
      result: { [kind]: id },
      outcome: { type: 'interrupt', interrupts: [interrupt] },
    };
  }

  const messageIdOf = ({ id: text, messageId = text }: Artifact | Piece): string => `${id}/${messageId}`;

  function* numbered({ seq, type, at }: StreamEvent, events: Generator<AGUIEvent>): Generator<AGUIEvent> {
    for (const one of events) yield { ...one, timestamp: Date.parse(at), rawEvent: { [kind]: id, seq, type } };
  }

  return {
    started: (): AGUIEvent => ({ type: EventType.RUN_STARTED, threadId, runId }),
    /** What an event of the log becomes; each of them names it by its number. */
    of: (event: StreamEvent) => numbered(event, told(event, agent.present(event))),
    /** What a question becomes that nobody has answered yet: the end of the run. */
    question: (event: StreamEvent) => numbered(event, interrupted(event, agent.present(event))),
    /** What a piece of a text becomes, which is no event and has no number. */
    piece: written,
    failed: (message: string, code: string): AGUIEvent => ({ type: EventType.RUN_ERROR, message, code }),
  };
}

function* content(messageId: string, delta: string): Generator<AGUIEvent> {
  if (delta !== '') yield { type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta };
}
