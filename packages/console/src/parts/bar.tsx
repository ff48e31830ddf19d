/** A share as a line as long. What it says stands in words beside it. */
export function Bar({ share, isWarning = false }: { share: number; isWarning?: boolean }) {
  const shown = Math.max(0, Math.min(1, share));
  return (
    <div class={`share ${isWarning ? 'is-warning' : ''}`} aria-hidden="true">
      <span style={{ inlineSize: `${shown * 100}%` }} />
    </div>
  );
}
