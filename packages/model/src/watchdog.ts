import { ParleyError } from '@parley/contracts';
import { longestDelayMs } from './budget.ts';

export interface WatchdogLimits {
  readonly firstTokenMs: number;
  readonly stallMs: number;
  /** Limit of the whole attempt, whatever signs of life it gives; undefined leaves that to the call's budget. */
  readonly totalMs?: number | undefined;
}

/** The cause of the error of an attempt that took more than its share of the time. */
export class ShareSpent extends Error {}

/**
 * The share of what is left of a call's budget that one attempt may take, so that the models behind it in the list can
 * still be asked. The last one may take all that is left.
 */
export const attemptShare = 0.5;

/** Limit of one attempt for `WatchLimits.totalMs`. @param modelsLeft how many models could still be asked after this one. */
export function attemptLimitMs(remainingMs: number, modelsLeft: number): number | undefined {
  return modelsLeft > 0 ? Math.max(0, remainingMs) * attemptShare : undefined;
}

/** Watches one attempt for signs of life. */
export interface Watchdog {
  /** Signal that aborts with the parent, or when the model was silent for too long. */
  readonly signal: AbortSignal;
  /** The model gave a sign of life. */
  progress(): void;
  /** MODEL_TIMEOUT before the first sign of life and when all of the time is used, MODEL_STALLED after it; undefined while all is well. */
  failure(): ParleyError | undefined;
  close(): void;
}

/**
 * One timer serves all chunks: a chunk only writes down the time, and the timer, when it fires, sleeps again for what
 * is left.
 */
export function startWatchdog(model: string, parent: AbortSignal, limits: WatchdogLimits): Watchdog {
  const controller = new AbortController();
  let lastAt = performance.now();
  let hasBegun = false;
  let failure: ParleyError | undefined;
  const onParent = () => controller.abort(parent.reason);
  const { totalMs } = limits;
  const onTotal = (ofMs: number) => {
    failure ??= endless(model, ofMs, hasBegun);
    controller.abort(failure);
  };
  const check = () => {
    const limitMs = hasBegun ? limits.stallMs : limits.firstTokenMs;
    const leftMs = lastAt + limitMs - performance.now();
    if (leftMs > 0) {
      timer = setTimeout(check, Math.min(Math.ceil(leftMs), longestDelayMs));
      return;
    }
    failure ??= hasBegun ? stalled(model, limitMs) : silent(model, limitMs);
    controller.abort(failure);
  };
  const wait = () => setTimeout(check, Math.min(hasBegun ? limits.stallMs : limits.firstTokenMs, longestDelayMs));
  let timer: NodeJS.Timeout | undefined;
  let total: NodeJS.Timeout | undefined;
  if (parent.aborted) onParent();
  else {
    parent.addEventListener('abort', onParent, { once: true });
    timer = wait();
    if (totalMs !== undefined) total = setTimeout(() => onTotal(totalMs), Math.min(totalMs, longestDelayMs));
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
      clearTimeout(total);
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

function endless(model: string, limitMs: number, hasBegun: boolean): ParleyError {
  const what = hasBegun ? 'was still answering' : 'had not begun to answer';
  const message = `Model "${model}" ${what} after ${Math.round(limitMs)} ms, its share of the time, and is left for the next one. Give it more time or fewer tokens.`;
  return new ParleyError('MODEL_TIMEOUT', message, { retryable: true, cause: new ShareSpent('share spent') });
}
