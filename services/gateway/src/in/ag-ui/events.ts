import { type AGUIEvent, EventType } from '@ag-ui/core';
import { type Fact, readFact } from '@parley/contracts';
import { teams, wordsOf } from '../../domain/transcript.ts';
import type { DebateEvent } from '../../store/events.ts';

export interface Run {
  readonly threadId: string;
  readonly runId: string;
  readonly debate: string;
}

/** A debate's events in the words of AG-UI: its rounds are steps, its turns text messages, all else custom events. */
export function createTranslation({ threadId, runId, debate }: Run) {
  let step: string | undefined;

  function* told(event: DebateEvent): Generator<AGUIEvent> {
    const read = readFact(event);
    const fact: Fact | undefined = read.ok ? read.fact : undefined;
    switch (fact?.type) {
      case 'turn-recorded.v1': {
        const { round, side, text } = fact.data;
        yield* stepTo(`round ${round}`);
        yield* message(event, teams[side], text);
        break;
      }
      case 'verdict-given.v1':
        yield* stepTo(undefined);
        yield* message(event, 'Judge', (wordsOf(fact) ?? '').trimEnd());
        break;
      case 'debate-closed.v1': {
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
        yield { type: EventType.CUSTOM, name: event.type, value: event.data };
    }
  }

  function* stepTo(next: string | undefined): Generator<AGUIEvent> {
    if (step === next) return;
    if (step !== undefined) yield { type: EventType.STEP_FINISHED, stepName: step };
    if (next !== undefined) yield { type: EventType.STEP_STARTED, stepName: next };
    step = next;
  }

  function* message({ seq }: DebateEvent, name: string, words: string): Generator<AGUIEvent> {
    const messageId = `${debate}/${seq}`;
    yield { type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant', name };
    if (words !== '') yield { type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta: words };
    yield { type: EventType.TEXT_MESSAGE_END, messageId };
  }

  return {
    started: (): AGUIEvent => ({ type: EventType.RUN_STARTED, threadId, runId }),
    /** What an event of the log becomes; each of them names it by its number. */
    *of(event: DebateEvent): Generator<AGUIEvent> {
      const { seq, type, at } = event;
      for (const one of told(event)) yield { ...one, timestamp: Date.parse(at), rawEvent: { debate, seq, type } };
    },
  };
}
