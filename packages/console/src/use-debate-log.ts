import { useEffect, useState } from 'preact/hooks';
import { ApiError, request } from './api.ts';
import { type DebateLog, emptyLog, withDelta, withEvent } from './debate-log.ts';
import { follow } from './follow.ts';

export interface Followed {
  readonly log: DebateLog;
  readonly connection: 'connecting' | 'live' | 'lost' | 'over';
  readonly error: ApiError | undefined;
}

/** A debate's log, as far as it is known, while the page is open. */
export function useDebateLog(id: string): Followed {
  const [log, setLog] = useState(emptyLog);
  const [connection, setConnection] = useState<Followed['connection']>('connecting');
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    const leaving = new AbortController();
    follow({
      open: (after, signal) =>
        request(`/v1/debates/${encodeURIComponent(id)}/events`, {
          signal,
          headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(after) },
        }),
      onEvent: (event) => setLog((before) => withEvent(before, event)),
      onDelta: (delta) => setLog((before) => withDelta(before, delta)),
      onState: setConnection,
      isFinal: (thrown) => thrown instanceof ApiError && [400, 401, 403, 404].includes(thrown.status),
      wait,
      signal: leaving.signal,
    }).catch((thrown: unknown) => {
      setError(thrown instanceof ApiError ? thrown : new ApiError(0, { detail: String(thrown) }));
    });
    return () => leaving.abort();
  }, [id]);
  return { log, connection, error };
}

/** Ends at once when the page is left. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
