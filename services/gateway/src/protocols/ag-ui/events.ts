import { type AGUIEvent, EventType, type Message } from '@ag-ui/core';
import { type DeltaV1, type Fact, readFact, type Side } from '@parley/contracts';
import { teams, wordsOf } from '../../domain/transcript.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { createPartialTurn } from '../partial-turn.ts';

export interface Run {
  readonly threadId: string;
  readonly runId: string;
  readonly debate: string;
  /** Those that the client has already. */
  readonly messages: readonly Message[];
}

type Turn = { readonly round: number; readonly side: Side };

/**
 * A debate's events in the words of AG-UI: its rounds are steps, its turns text messages that grow while they are
 * written, all else custom events. What was told of a turn and does not count is taken back by a snapshot of all
 * messages, the only event of the protocol that takes anything back.
 */
export function createTranslation({ threadId, runId, debate, messages }: Run) {
  let step: string | undefined;
  const listening = createPartialTurn();
  const known = [...messages];

  function* told(event: StreamEvent): Generator<AGUIEvent> {
    const read = readFact(event);
    const fact: Fact | undefined = read.ok ? read.fact : undefined;
    switch (fact?.type) {
      case 'turn-recorded.v1':
        yield* turn(fact.data);
        break;
      case 'verdict-given.v1':
        yield* stepTo(undefined);
        yield* whole(`${debate}/verdict`, 'Judge', (wordsOf(fact) ?? '').trimEnd());
        break;
      case 'debate-closed.v1': {
        yield* takeBack(listening.giveUp());
        yield* stepTo(undefined);
        const { status, stopReason } = fact.data;
        if (status === 'failed') {
          yield { type: EventType.RUN_ERROR, message: `The debate failed: ${stopReason}.`, code: stopReason };
        } else {
          yield { type: EventType.RUN_FINISHED, threadId, runId, result: { debate, status, stopReason } };
        }
        break;
      }
      default:
        if (fact?.type === 'debate-stopped.v1') yield* takeBack(listening.giveUp());
        yield { type: EventType.CUSTOM, name: event.type, value: event.data };
    }
  }

  function* turn(data: Fact<'turn-recorded.v1'>['data']): Generator<AGUIEvent> {
    const was = listening.now();
    const { kind, text } = listening.record(data);
    if (kind === 'another') yield* takeBack(was);
    yield* stepTo(`round ${data.round}`);
    if (kind !== 'rest') return yield* whole(idOf(data), teams[data.side], text);
    yield* content(idOf(data), text);
    yield { type: EventType.TEXT_MESSAGE_END, messageId: idOf(data) };
    known.push({ id: idOf(data), role: 'assistant', name: teams[data.side], content: data.text });
  }

  function* piece(delta: DeltaV1): Generator<AGUIEvent> {
    const { givenUp, more, isFirst } = listening.hear(delta);
    yield* takeBack(givenUp);
    if (isFirst) {
      yield* stepTo(`round ${delta.round}`);
      yield { type: EventType.TEXT_MESSAGE_START, messageId: idOf(delta), role: 'assistant', name: teams[delta.side] };
    }
    yield* content(idOf(delta), more);
  }

  function* takeBack(turn: Turn | undefined): Generator<AGUIEvent> {
    if (turn === undefined) return;
    yield { type: EventType.TEXT_MESSAGE_END, messageId: idOf(turn) };
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

  const idOf = ({ round, side }: Turn): string => `${debate}/${round}/${side}`;

  return {
    started: (): AGUIEvent => ({ type: EventType.RUN_STARTED, threadId, runId }),
    /** What an event of the log becomes; each of them names it by its number. */
    *of(event: StreamEvent): Generator<AGUIEvent> {
      const { seq, type, at } = event;
      for (const one of told(event)) yield { ...one, timestamp: Date.parse(at), rawEvent: { debate, seq, type } };
    },
    /** What a piece of a turn becomes, which is no event and has no number. */
    piece,
    failed: (message: string, code: string): AGUIEvent => ({ type: EventType.RUN_ERROR, message, code }),
  };
}

function* content(messageId: string, delta: string): Generator<AGUIEvent> {
  if (delta !== '') yield { type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta };
}
