import type { DeltaV1 } from '@parley/contracts';
import type { DebateEvent } from './event-store.ts';
import { type FollowDeps, follow } from './follow.ts';

export type Followed =
  | { readonly kind: 'event'; readonly event: DebateEvent }
  | { readonly kind: 'delta'; readonly delta: DeltaV1 };

/** Who reads slower than this loses deltas, and no event. */
const waitingAtMost = 64;
/** Who pulls is in this process: it is never let go, and needs no sign of life. */
const never = 2 ** 31 - 1;

/** `follow` for who pulls. Ends after the last event, or when the signal says so. */
export async function* pull(
  deps: Omit<FollowDeps, 'heartbeatMs' | 'patienceMs'>,
  debate: string,
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
    event: (event: DebateEvent) => take({ kind: 'event', event }),
    delta: (delta: DeltaV1) => take({ kind: 'delta', delta }),
    heartbeat: () => true,
    end,
    drop: end,
  };
  const following = follow({ ...deps, heartbeatMs: never, patienceMs: never }, line, debate, after);
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
