import { useRef, useState } from 'preact/hooks';
import { apiKey } from '../api.ts';
import { curlOf } from '../curl.ts';

/** The form or button beside it, as a command for a shell. */
export function Curl({ path, body, what }: { path: string; body?: unknown; what: string }) {
  const [isCopied, setCopied] = useState(false);
  const text = useRef<HTMLElement>(null);
  const command = curlOf({ origin: location.origin, path, body, hasKey: apiKey.get() !== null });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setCopied(true);
    } catch {
      // Without leave for the clipboard the text is marked, for the keyboard to copy.
      getSelection()?.selectAllChildren(text.current as HTMLElement);
    }
  };
  return (
    <details class="curl" onToggle={() => setCopied(false)}>
      <summary>{what} with curl</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
      <pre class="command" tabIndex={0}>
        <code ref={text}>{command}</code>
      </pre>
      <button type="button" class="quiet" onClick={() => void copy()}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </details>
  );
}
