import type { DeltaV1 } from '@parley/contracts';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { LogEvent } from './debate-log.ts';

export interface FollowOptions {
  /** Opens the stream after an event, 0 for the first; rejects when that is not possible at the moment. */
  open(after: number, signal: AbortSignal): Promise<Response>;
  onEvent(event: LogEvent): void;
  onDelta(delta: DeltaV1): void;
  /** `lost` while it tries to get the stream back. */
  onState(state: 'live' | 'lost' | 'over'): void;
  /** A status that waiting does not mend; the stream is given up. */
  isFinal(thrown: unknown): boolean;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  readonly signal: AbortSignal;
}

/** The server sends a heartbeat every 15 s: a connection without one is dead, whatever the browser believes. */
const silenceMs = 45_000;
const firstWaitMs = 250;
const longestWaitMs = 5_000;

/**
 * Hears every fact of a debate once and in order, over any number of connections. EventSource would do, but it cannot
 * send a key.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { signal } = options;
  let last = 0;
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    const silence = new AbortController();
    const both = AbortSignal.any([signal, silence.signal]);
    try {
      const response = await options.open(last, both);
      if (response.status === 204) {
        options.onState('over');
        return;
      }
      options.onState('live');
      for await (const message of messagesOf(response, silence)) {
        waitMs = firstWaitMs;
        if (message.event === 'delta') {
          options.onDelta(JSON.parse(message.data) as DeltaV1);
          continue;
        }
        const event = JSON.parse(message.data) as LogEvent;
        if (event.seq <= last) continue;
        if (event.seq !== last + 1) break;
        last = event.seq;
        options.onEvent(event);
        if (event.type === 'debate-closed.v1') {
          options.onState('over');
          return;
        }
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (options.isFinal(thrown)) throw thrown;
    } finally {
      silence.abort();
    }
    if (signal.aborted) return;
    options.onState('lost');
    await options.wait(waitMs, signal);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

async function* messagesOf(response: Response, silence: AbortController): AsyncGenerator<EventSourceMessage> {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => ready.push(message) });
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const timer = setTimeout(() => silence.abort(), silenceMs);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    yield* ready.splice(0);
  }
}
