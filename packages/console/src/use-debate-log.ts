import { debateKind, followStream, type OpenStream } from '@parley/sdk';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, request } from './api.ts';
import { type DebateLog, emptyLog, withDelta, withEvent } from './debate-log.ts';

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
    const { signal } = leaving;
    const events = followStream(openStream, debateKind, id, { signal, onState: setConnection, isFinal });
    const read = async (): Promise<void> => {
      for await (const event of events) {
        if (event.type === 'delta') setLog((before) => withDelta(before, event.data));
        else setLog((before) => withEvent(before, event));
      }
    };
    read().catch((thrown: unknown) => {
      if (signal.aborted) return;
      setError(thrown instanceof ApiError ? thrown : new ApiError(0, { detail: String(thrown) }));
    });
    return () => leaving.abort();
  }, [id]);
  return { log, connection, error };
}

/** EventSource would do, but it cannot send a key. */
const openStream: OpenStream = (path, { accept, signal }) => request(path, { signal, headers: { Accept: accept } });

const isFinal = (thrown: unknown): boolean =>
  thrown instanceof ApiError && [400, 401, 403, 404].includes(thrown.status);
