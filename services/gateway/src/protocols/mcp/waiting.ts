import { setTimeout as pause } from 'node:timers/promises';
import type { AnsweringRoute } from '../../api/route.ts';
import type { ToolStream } from '../../api/route-tool.ts';
import { isQuestion } from '../../domain/presented.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { type AnyFeature, presentedBy } from '../../streams/feature.ts';
import type { Delta } from '../../streams/hub.ts';
import { parkedStatus, sharedWord } from '../../streams/status-words.ts';
import type { ToolBackend } from './backend.ts';
import { reported } from './reported.ts';
import type { ToolCall } from './tool.ts';
import type { Fields } from './tool-schemas.ts';

/** The end of a stream, as one tool waits for it. */
export interface Waiting extends ToolStream {
  readonly viewRoute: AnsweringRoute;
  readonly feature: AnyFeature;
}

/** Pause before the first look at a stream that goes on, doubled by each look: no event says that it was set aside. */
const firstLookMs = 5_000;
const longestLookMs = 60_000;

/** Reports the stream's events to the last, to a question, or until it is set aside, and resolves to its view. */
export async function settled(waiting: Waiting, answer: Fields, backend: ToolBackend, call: ToolCall): Promise<Fields> {
  const { kind, feature, viewRoute } = waiting;
  const id = String(answer.id);
  const params = waiting.viewParams?.(answer) ?? { id };
  const view = () => backend.call(viewRoute, { params, query: {}, body: {} });
  const shown = {
    present: (event: Pick<StreamEvent, 'type' | 'data'>) => presentedBy(feature, event),
    piece: (delta: Delta) => feature.piece?.(delta),
  };
  const isAsking = async (event: StreamEvent) =>
    isQuestion(shown.present(event)) && sharedWord(kind, String((await view()).status)) === 'input-required';
  const leaving = new AbortController();
  const signal = AbortSignal.any([call.signal, leaving.signal]);
  // Rejects when the following has ended.
  setAside(view, signal).then(
    () => leaving.abort(),
    () => {},
  );
  try {
    await reported(backend.follow(kind, id, signal), shown, call, isAsking);
  } catch (thrown) {
    if (!leaving.signal.aborted) throw thrown;
  } finally {
    leaving.abort();
  }
  call.signal.throwIfAborted();
  return view();
}

/** Resolves when a stream is set aside. @throws the signal's reason */
async function setAside(view: () => Promise<Fields>, signal: AbortSignal): Promise<void> {
  for (let ms = firstLookMs; ; ms = Math.min(ms * 2, longestLookMs)) {
    await pause(ms, undefined, { signal });
    // A look that fails says nothing; the following finds out by itself.
    const { status } = await view().catch((): Fields => ({}));
    if (status === parkedStatus) return;
  }
}
