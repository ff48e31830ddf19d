import type { DeltaV1, Fact } from '@parley/contracts';
import { isParleyError } from '@parley/contracts/error.ts';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type Ask, pause } from './request.ts';

/** A numbered event of the log, or a piece of text that a model is writing, which has no number. */
export type FollowedEvent =
  | (Fact & { readonly seq: number; readonly at: string })
  | { readonly type: 'delta'; readonly data: DeltaV1 };

export interface FollowOptions {
  /** The number of the last event that is known already. */
  readonly after?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The connection is gone, for the reason that is known or none; it is opened again at once and again. */
  onCut?(thrown: unknown): void;
}

const reconnectMs = 200;
/** The server beats its heart every 15 seconds: who hears nothing for three of them is not connected. */
const silenceMs = 45_000;
/** Longest event that is waited for, in characters. */
const longestEvent = 4_000_000;

/** Events of a debate, each once and in order, over cut connections and restarts of the server; ends after the last. */
export async function* followDebate(ask: Ask, id: string, options: FollowOptions = {}): AsyncGenerator<FollowedEvent> {
  const { signal } = options;
  let last = options.after ?? 0;
  for (;;) {
    let cut: unknown;
    try {
      for await (const event of connect(ask, id, last, signal)) {
        if (event === 'over') return;
        if (event.type === 'delta') yield event;
        else if (event.seq > last) {
          // A gap would be a fault of the server or of what stands in between: it is asked again from where it tore.
          if (event.seq > last + 1) break;
          last = event.seq;
          yield event;
          if (event.type === 'debate-closed.v1') return;
        }
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      if (isParleyError(thrown) && !thrown.retryable) throw thrown;
      cut = thrown;
    }
    options.onCut?.(cut);
    await pause(reconnectMs, signal);
  }
}

/** One connection, until it ends or falls silent. */
async function* connect(
  ask: Ask,
  id: string,
  after: number,
  outer: AbortSignal | undefined,
): AsyncGenerator<FollowedEvent | 'over'> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(outer?.reason);
  outer?.addEventListener('abort', leave, { once: true });
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => leaving.abort(new Error('silence')), silenceMs);
  };
  try {
    const response = await ask(`/v1/debates/${encodeURIComponent(id)}/events?after=${after}`, {
      accept: 'text/event-stream',
      signal: leaving.signal,
    });
    if (response.status === 204 || response.body === null) {
      yield 'over';
      return;
    }
    const ready: EventSourceMessage[] = [];
    const parser = createParser({ maxBufferSize: longestEvent, onEvent: (event) => ready.push(event) });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    heard();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      parser.feed(decoder.decode(value, { stream: true }));
      for (const { event, data } of ready.splice(0)) {
        const read = JSON.parse(data);
        yield event === 'delta' ? { type: 'delta', data: read } : read;
      }
    }
  } finally {
    clearTimeout(silence);
    outer?.removeEventListener('abort', leave);
    leaving.abort();
  }
}
