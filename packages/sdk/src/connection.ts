import type { Fact } from '@parley/contracts';
import type { DeltaV1 } from '@parley/contracts/debate';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** A fact of a stream's log under its number. */
export type NumberedFact<F extends Fact = Fact> = F & {
  readonly seq: number;
  readonly at: string;
  /** The trace that it was decided in, where the gateway says so. */
  readonly traceId?: string;
};

/** A piece of text, sent while a model is still writing it; it has no number. */
export interface WrittenPiece {
  readonly type: 'delta';
  readonly data: DeltaV1;
}

/** What one connection tells: that it stands, that nothing will follow, that the server lives, or an event. */
type Heard<F extends Fact> = 'live' | 'over' | 'heartbeat' | NumberedFact<F> | WrittenPiece;

/** Opens a stream of server-sent events: resolves to an answer that is well, rejects with anything else. */
export type OpenStream = (
  path: string,
  call: { readonly accept: string; readonly attempts: number; readonly signal: AbortSignal },
) => Promise<Response>;

/** The server beats its heart every 15 s: a connection that is silent for three beats is dead. */
const silenceMs = 45_000;
/** Longest event that is read, in characters. */
const longestEvent = 4_000_000;

/**
 * Events of one connection, until it ends. Rejects when it cannot be opened, breaks or falls silent.
 * Source of the form: WHATWG HTML §9.2 (server-sent events).
 */
export async function* connect<F extends Fact>(
  open: OpenStream,
  path: string,
  outer: AbortSignal | undefined,
): AsyncGenerator<Heard<F>> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(outer?.reason);
  if (outer?.aborted === true) leave();
  outer?.addEventListener('abort', leave, { once: true });
  let silence: ReturnType<typeof setTimeout> | undefined;
  const restartSilence = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => leaving.abort(new Error(`Nothing was heard for ${silenceMs} ms.`)), silenceMs);
  };
  try {
    restartSilence();
    // One attempt: waiting and asking again is the follower's.
    const response = await open(path, { accept: 'text/event-stream', attempts: 1, signal: leaving.signal });
    if (response.status === 204 || response.body === null) {
      yield 'over';
      return;
    }
    yield 'live';
    const ready: ('heartbeat' | EventSourceMessage)[] = [];
    const parser = createParser({
      maxBufferSize: longestEvent,
      onComment: () => ready.push('heartbeat'),
      onEvent: (event) => ready.push(event),
    });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      restartSilence();
      parser.feed(decoder.decode(value, { stream: true }));
      for (const heard of ready.splice(0)) yield heard === 'heartbeat' ? heard : eventOf<F>(heard);
    }
  } finally {
    clearTimeout(silence);
    outer?.removeEventListener('abort', leave);
    leaving.abort();
  }
}

function eventOf<F extends Fact>({ event, data }: EventSourceMessage): NumberedFact<F> | WrittenPiece {
  const read = JSON.parse(data);
  return event === 'delta' ? { type: 'delta', data: read } : read;
}
