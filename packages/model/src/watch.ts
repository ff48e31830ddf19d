import { ParleyError } from '@parley/contracts';
import { longestDelayMs } from './budget.ts';

export interface WatchLimits {
  readonly firstTokenMs: number;
  readonly stallMs: number;
}

/** Watches one attempt for signs of life. */
export interface Watch {
  /** Aborted with the parent, or when the model was silent for too long. */
  readonly signal: AbortSignal;
  /** The model gave a sign of life. */
  progress(): void;
  /** MODEL_TIMEOUT before the first sign of life, MODEL_STALLED after it; undefined while all is well. */
  failure(): ParleyError | undefined;
  close(): void;
}

/**
 * One timer serves all chunks: a chunk only writes down the time, and the timer, when it fires, sleeps again for what
 * is left.
 */
export function openWatch(model: string, parent: AbortSignal, limits: WatchLimits): Watch {
  const controller = new AbortController();
  let lastAt = performance.now();
  let hasBegun = false;
  let failure: ParleyError | undefined;
  const onParent = () => controller.abort(parent.reason);
  const check = () => {
    const limitMs = hasBegun ? limits.stallMs : limits.firstTokenMs;
    const leftMs = lastAt + limitMs - performance.now();
    if (leftMs > 0) {
      timer = setTimeout(check, Math.min(Math.ceil(leftMs), longestDelayMs));
      return;
    }
    failure = hasBegun ? stalled(model, limitMs) : silent(model, limitMs);
    controller.abort(failure);
  };
  const wait = () => setTimeout(check, Math.min(hasBegun ? limits.stallMs : limits.firstTokenMs, longestDelayMs));
  let timer: NodeJS.Timeout | undefined;
  if (parent.aborted) onParent();
  else {
    parent.addEventListener('abort', onParent, { once: true });
    timer = wait();
  }
  return {
    signal: controller.signal,
    progress() {
      lastAt = performance.now();
      if (hasBegun || controller.signal.aborted) return;
      hasBegun = true;
      clearTimeout(timer);
      timer = wait();
    },
    failure: () => failure,
    close() {
      clearTimeout(timer);
      parent.removeEventListener('abort', onParent);
    },
  };
}

function silent(model: string, limitMs: number): ParleyError {
  const message = `Model "${model}" did not begin to answer within ${limitMs} ms. It may be loading: try again, or use a smaller model.`;
  return new ParleyError('MODEL_TIMEOUT', message, { retryable: true });
}

function stalled(model: string, limitMs: number): ParleyError {
  const message = `Model "${model}" began to answer and then sent nothing for ${limitMs} ms. Try again; look at the server's load.`;
  return new ParleyError('MODEL_STALLED', message, { retryable: true });
}
