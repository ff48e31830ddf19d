import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError, get } from './api.ts';

export interface Resource<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  reload(): void;
}

/** What the API has at `path`, read again every `everyMs` while the page is seen. What was read stays on an error. */
export function useResource<T>(path: string, everyMs?: number): Resource<T> {
  const [state, setState] = useState<{ path: string; data?: T; error?: ApiError }>({ path });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    get<T>(path, leaving.signal).then(
      (data) => setState({ path, data }),
      (thrown: unknown) => {
        if (leaving.signal.aborted) return;
        const error = thrown instanceof ApiError ? thrown : new ApiError(0, { detail: String(thrown) });
        setState((before) => (before.path === path ? { ...before, error } : { path, error }));
      },
    );
    return () => leaving.abort();
  }, [path, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  const isCurrent = state.path === path;
  return { data: isCurrent ? state.data : undefined, error: isCurrent ? state.error : undefined, reload };
}
