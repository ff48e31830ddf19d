import { ParleyError } from '@parley/contracts';
import { cancelled } from './wire-error.ts';

/** Longest delay that setTimeout takes; a longer one would fire at once. */
export const longestDelayMs = 2_147_483_647;

/** The time one call may take, over all its models, attempts and waits. */
export interface Budget {
  /** Signal that the caller or the end of the budget aborts. */
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** CANCELLED or MODEL_TIMEOUT once the signal is aborted. */
  failure(): ParleyError | undefined;
  close(): void;
}

/** @param budgetMs 0 or less has run out already. */
export function openBudget(caller: AbortSignal, budgetMs: number): Budget {
  const endsAt = performance.now() + budgetMs;
  const controller = new AbortController();
  let failure: ParleyError | undefined;
  const stop = (error: ParleyError) => {
    failure ??= error;
    controller.abort(failure);
  };
  const onAbort = () => stop(cancelled(caller));
  const onEnd = () => stop(outOfTime(budgetMs));
  let timer: NodeJS.Timeout | undefined;
  if (caller.aborted) onAbort();
  else if (!(budgetMs > 0)) onEnd();
  else {
    caller.addEventListener('abort', onAbort, { once: true });
    timer = setTimeout(onEnd, Math.min(budgetMs, longestDelayMs));
  }
  return {
    signal: controller.signal,
    remainingMs: () => endsAt - performance.now(),
    failure: () => failure,
    close() {
      clearTimeout(timer);
      caller.removeEventListener('abort', onAbort);
    },
  };
}

function outOfTime(budgetMs: number): ParleyError {
  const message = `The model call did not finish within its budget of ${Math.round(budgetMs)} ms. Give it more time or fewer tokens.`;
  // Not retryable: the same call would take as long again.
  return new ParleyError('MODEL_TIMEOUT', message);
}
