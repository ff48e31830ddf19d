import { useState } from 'preact/hooks';
import { apiKey } from '../api.ts';
import { Command } from '../parts/notice.tsx';

/** Asks who it is. The key stays in this tab: it is gone when the tab is closed. */
export function KeyPage({ onKey }: { onKey(): void }) {
  const [key, setKey] = useState(apiKey.get() ?? '');
  const wasRefused = apiKey.get() !== null;
  return (
    <section class="narrow">
      <h1>Who is it?</h1>
      <p>
        {wasRefused
          ? 'The gateway does not take this key any more. Give another one.'
          : 'This gateway asks for an API key. It is kept in this tab only, and forgotten when you close it.'}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apiKey.set(key.trim());
          onKey();
        }}
      >
        <label class="field">
          <span>API key</span>
          <input
            type="password"
            autocomplete="off"
            required
            value={key}
            onInput={(e) => setKey(e.currentTarget.value)}
          />
        </label>
        <button type="submit">Go on</button>
      </form>
      <p>None yet? Make one where Parley runs:</p>
      <Command>npm run parley -- keys create</Command>
    </section>
  );
}
