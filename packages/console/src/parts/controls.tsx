import type { DebateStatus } from '@parley/contracts/debate';
import { useState } from 'preact/hooks';
import { ApiError, post } from '../api.ts';
import { paths } from '../route.ts';
import { Curl } from './curl.tsx';
import { FaultsContext, TextField } from './field.tsx';
import { Fault } from './notice.tsx';

/** What may still be said to a debate. Whether it counts, the moderator decides; the page shows what came of it. */
export function Controls({ id, status }: { id: string; status: DebateStatus }) {
  const [error, setError] = useState<ApiError>();
  const [note, setNote] = useState('');
  const at = `/v1/debates/${id}`;
  const isOpen = ['accepted', 'debating', 'paused'].includes(status);
  const isOver = ['closed', 'cancelled', 'failed', 'parked'].includes(status);
  const tell = async (word: string, body: unknown = {}): Promise<boolean> => {
    try {
      await post(`${at}/${word}`, body);
      setError(undefined);
      return true;
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown : new ApiError(0, { detail: String(thrown) }));
      return false;
    }
  };
  return (
    <div class="controls">
      <div class="actions">
        {isOpen ? (
          <button type="button" class="quiet" onClick={() => void tell(status === 'paused' ? 'resume' : 'pause')}>
            {status === 'paused' ? 'Resume' : 'Pause'}
          </button>
        ) : null}
        {isOver ? null : (
          <button type="button" class="quiet" onClick={() => void tell('cancel')}>
            Cancel
          </button>
        )}
        <a class="button quiet" href={paths.startLike(id)}>
          Run again
        </a>
        <Curl path={`${at}/events`} what="Follow it" />
        {isOpen ? (
          <FaultsContext.Provider value={{ errors: error?.problem.errors ?? [] }}>
            <details class="curl add-note">
              <summary>Add a note to both sides</summary>
              <form
                onSubmit={(event) => {
                  event.preventDefault();
                  void tell('notes', { text: note }).then((isAdded) => isAdded && setNote(''));
                }}
              >
                <TextField
                  name="text"
                  label="Note of the moderator"
                  hint="It goes with the next turns of both sides."
                  value={note}
                  onValue={setNote}
                />
                <button type="submit">Add note</button>
                <Curl path={`${at}/notes`} body={{ text: note }} what="Add note" />
              </form>
            </details>
          </FaultsContext.Provider>
        ) : null}
      </div>
      <Fault error={error} />
    </div>
  );
}
