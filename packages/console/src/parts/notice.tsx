import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api.ts';

export function Fault({ error }: { error: ApiError | undefined }) {
  if (error === undefined) return null;
  const { traceId } = error.problem;
  return (
    <p class="fault" role="alert">
      {error.message}
      {traceId === undefined ? null : <small> Trace {traceId}</small>}
    </p>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="empty">
      <h1>{title}</h1>
      {children}
    </section>
  );
}

export function Rehearsal() {
  return (
    <p class="rehearsal">
      <strong>Rehearsal model.</strong> What stands here is scripted text, not an AI.
    </p>
  );
}

export function Command({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard.
    <pre class="command" tabIndex={0}>
      <code>{children}</code>
    </pre>
  );
}
