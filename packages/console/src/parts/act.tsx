import { useRef, useState } from 'preact/hooks';
import { ApiError, newKey, post } from '../api.ts';
import { Curl } from './curl.tsx';
import { Fault } from './notice.tsx';

/** A button that sends one command about one thing, once however often it is pressed until there is an answer. */
export function Act({ path, what, about, onDone }: { path: string; what: string; about: string; onDone: () => void }) {
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  const key = useRef<string | undefined>(undefined);
  const send = async () => {
    setBusy(true);
    key.current ??= newKey();
    try {
      await post(path, {}, key.current);
      key.current = undefined;
      setError(undefined);
      onDone();
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown : new ApiError(0, { detail: String(thrown) }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div class="actions">
        <button
          type="button"
          class="quiet"
          disabled={isBusy}
          aria-label={`${what}: ${about}`}
          onClick={() => void send()}
        >
          {what}
        </button>
        <Curl path={path} body={{}} what={what} />
      </div>
      <Fault error={error} />
    </>
  );
}
