import { ParleyError } from '@parley/contracts';
import { cancelled } from './wire-error.ts';

/**
 * At most `limit` calls at once. Those that wait are let in round-robin over their keys, so a debate with a hundred
 * waiting turns delays another one's first by one turn, not by a hundred. Source: "fair queueing", Nagle 1987, RFC 970.
 */
export interface FairQueue {
  readonly running: number;
  readonly waiting: number;
  /** True when a place was free and nobody waits for it. */
  take(): boolean;
  /** Resolves with a place; in the background when nobody else waits for one. Rejects with CANCELLED on abort, MODEL_OVERLOADED when too many wait already. */
  wait(key: string, signal: AbortSignal, isBackground?: boolean): Promise<void>;
  /** Gives one place back. */
  release(): void;
}

interface Waiter {
  enter(): void;
}

export function createFairQueue(limit: number, maxWaiting: number): FairQueue {
  /** Insertion order is whose turn it is: a key that was served and still waits goes to the end. */
  const before = new Map<string, Waiter[]>();
  const behind = new Map<string, Waiter[]>();
  let running = 0;
  let waiting = 0;

  const leave = (lines: Map<string, Waiter[]>, key: string, waiter: Waiter) => {
    const line = lines.get(key) ?? [];
    const at = line.indexOf(waiter);
    if (at < 0) return;
    line.splice(at, 1);
    waiting -= 1;
    if (line.length === 0) lines.delete(key);
  };
  const next = (): Waiter | undefined => {
    const lines = before.size > 0 ? before : behind;
    for (const [key, line] of lines) {
      const waiter = line.shift();
      lines.delete(key);
      if (line.length > 0) lines.set(key, line);
      waiting -= 1;
      return waiter;
    }
    return undefined;
  };

  return {
    get running() {
      return running;
    },
    get waiting() {
      return waiting;
    },
    take() {
      if (running >= limit || waiting > 0) return false;
      running += 1;
      return true;
    },
    wait(key, signal, isBackground = false) {
      const lines = isBackground ? behind : before;
      if (signal.aborted) return Promise.reject(cancelled(signal));
      if (waiting >= maxWaiting) return Promise.reject(full(maxWaiting));
      return new Promise((resolve, reject) => {
        const abandon = () => {
          leave(lines, key, waiter);
          reject(cancelled(signal));
        };
        const waiter: Waiter = {
          enter() {
            signal.removeEventListener('abort', abandon);
            resolve();
          },
        };
        signal.addEventListener('abort', abandon, { once: true });
        const line = lines.get(key);
        if (line === undefined) lines.set(key, [waiter]);
        else line.push(waiter);
        waiting += 1;
      });
    },
    release() {
      const waiter = next();
      if (waiter === undefined) running -= 1;
      else waiter.enter();
    },
  };
}

function full(maxWaiting: number): ParleyError {
  const message = `${maxWaiting} model calls are waiting already. Start fewer debates at once or allow more calls.`;
  return new ParleyError('MODEL_OVERLOADED', message, { retryable: true });
}
