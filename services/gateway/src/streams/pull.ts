import type { StreamEvent } from './event-store.ts';
import { type FollowDeps, follow } from './follow.ts';
import type { Delta } from './hub.ts';

export type Followed<D extends Delta = Delta> =
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'delta'; readonly delta: D };

/** Most events and deltas that wait for a reader; a slower one loses deltas, and no event. */
const waitingAtMost = 64;
/** A reader in this process is never let go, and needs no sign of life. */
const never = 2 ** 31 - 1;

/** `follow` for a reader that pulls. Ends after the last event, or when the signal aborts. */
export async function* pull(
  deps: Omit<FollowDeps, 'heartbeatMs' | 'patienceMs'>,
  stream: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  if (signal.aborted) return;
  const waiting: Followed[] = [];
  let isOver = false;
  let wake: () => void = () => {};
  const take = (one: Followed): boolean => {
    waiting.push(one);
    wake();
    return waiting.length < waitingAtMost;
  };
  const end = (): void => {
    isOver = true;
    wake();
  };
  const line = {
    event: (event: StreamEvent) => take({ kind: 'event', event }),
    delta: (delta: Delta) => take({ kind: 'delta', delta }),
    heartbeat: () => true,
    end,
    drop: end,
  };
  const following = follow({ ...deps, heartbeatMs: never, patienceMs: never }, line, stream, after);
  signal.addEventListener('abort', end, { once: true });
  try {
    for (;;) {
      if (signal.aborted) return;
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (isOver) return;
      else {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        following.resume();
        if (waiting.length === 0 && !isOver) await woken;
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    following.stop();
  }
}
