import type { Fact, StreamKind } from '@parley/contracts';
import { isParleyError } from '@parley/contracts/error.ts';
import { connect, type NumberedFact, type OpenStream, type WrittenPiece } from './connection.ts';
import { pause } from './request.ts';

export type { NumberedFact, OpenStream, WrittenPiece } from './connection.ts';

/** A numbered fact of a stream, or a piece of text that a model is writing. */
export type FollowedEvent<F extends Fact = Fact> = NumberedFact<F> | WrittenPiece;

/** State of the connection: it stands, it is being got back, or nothing will follow. */
export type FollowState = 'live' | 'lost' | 'over';

export interface FollowOptions {
  /** The number of the last event that is known already. */
  readonly after?: number | undefined;
  /** Ends the following: it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called at each change; `lost` comes with what was thrown, if anything was. */
  onState?(state: FollowState, thrown?: unknown): void;
  /** Whether waiting does not mend a fault: it is then thrown. Without this, a `ParleyError` that is not retryable. */
  isFinal?(thrown: unknown): boolean;
  /** The pause before the next connection, in milliseconds; rejects when the signal is aborted. */
  wait?(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

const firstWaitMs = 200;
const longestWaitMs = 5_000;

/**
 * Events of a stream, each once and in order, over cut connections, silence and restarts of the server. Pieces of text
 * are passed on as they come. Ends after one of the kind's last facts, or when the server says that nothing follows;
 * a kind without last facts is followed until the signal.
 */
export async function* followStream<F extends Fact = Fact>(
  open: OpenStream,
  kind: Pick<StreamKind, 'path' | 'last'>,
  id: string,
  options: FollowOptions = {},
): AsyncGenerator<FollowedEvent<F>> {
  const { signal, isFinal = isRefusal, wait = pause } = options;
  const { path, last } = kind;
  let seq = options.after ?? 0;
  let waitMs = firstWaitMs;
  for (;;) {
    let thrown: unknown;
    try {
      for await (const heard of connect<F>(open, `/v1/${path}/${encodeURIComponent(id)}/events?after=${seq}`, signal)) {
        if (heard === 'live' || heard === 'over') {
          options.onState?.(heard);
          if (heard === 'over') return;
          continue;
        }
        if (heard !== 'heartbeat' && heard.type !== 'delta') {
          if (heard.seq <= seq) continue;
          // A gap is a fault of the server or of what stands in between: what is missing is asked for again.
          if (heard.seq > seq + 1) break;
          seq = heard.seq;
        }
        waitMs = firstWaitMs;
        if (heard === 'heartbeat') continue;
        yield heard;
        if (heard.type !== 'delta' && last.includes(heard.type)) {
          options.onState?.('over');
          return;
        }
      }
    } catch (reason) {
      signal?.throwIfAborted();
      if (isFinal(reason)) throw reason;
      thrown = reason;
    }
    signal?.throwIfAborted();
    options.onState?.('lost', thrown);
    const asked = isParleyError(thrown) ? thrown.retryAfterMs : undefined;
    await wait(Math.max(asked ?? 0, waitMs), signal);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

const isRefusal = (thrown: unknown): boolean => isParleyError(thrown) && !thrown.retryable;
