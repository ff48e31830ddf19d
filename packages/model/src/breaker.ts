import { ParleyError } from '@parley/contracts';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, DelegateBackoff, handleWhen } from 'cockatiel';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Time it stays open before one call may try again; doubled each time that one fails, up to `maxOpenMs`. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  /** Whether a failure says that the server is in trouble. */
  isCounted(thrown: unknown): boolean;
  /** Whether the call was given up for a reason of its own, which says nothing about the server. */
  isInconclusive(thrown: unknown): boolean;
  onState(state: BreakerState): void;
}

/**
 * A circuit breaker for one model. States: closed, left for open after `failures` in a row; open, left for half-open by
 * the first call after its rest; half-open, left by that call's outcome for closed or open.
 */
export interface Breaker {
  readonly state: BreakerState;
  /** Throws MODEL_CIRCUIT_OPEN while open, and while half-open for all but the trying call. */
  check(model: string): void;
  /** Call right after `check`, without an await between. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createBreaker(options: BreakerOptions): Breaker {
  let openedAt = 0;
  let openMs = options.openMs;
  const rest = new DelegateBackoff<{ readonly attempt: number }>(({ attempt }) => {
    openMs = Math.min(options.maxOpenMs, options.openMs * 2 ** Math.max(0, attempt - 1));
    return openMs;
  });
  const policy = circuitBreaker(
    // cockatiel takes an unhandled failure of the trying call for a success; a cancelled one has tried nothing.
    handleWhen((e) => options.isCounted(e) || (policy.state === CircuitState.HalfOpen && options.isInconclusive(e))),
    { halfOpenAfter: rest, breaker: new ConsecutiveBreaker(options.failures) },
  );
  policy.onStateChange((state) => {
    if (state === CircuitState.Open) openedAt = Date.now();
    options.onState(nameOf(state));
  });
  return {
    get state() {
      return nameOf(policy.state);
    },
    check(model) {
      const { state } = policy;
      const leftMs = state === CircuitState.Open ? openedAt + openMs - Date.now() : 0;
      if (leftMs <= 0 && state !== CircuitState.HalfOpen) return;
      const message = `Model "${model}" failed ${options.failures} times in a row and is given a rest of ${openMs} ms.`;
      throw new ParleyError('MODEL_CIRCUIT_OPEN', message, { retryable: true, retryAfterMs: Math.max(leftMs, 0) });
    },
    run: (work) => policy.execute(work),
  };
}

function nameOf(state: CircuitState): BreakerState {
  if (state === CircuitState.HalfOpen) return 'half-open';
  return state === CircuitState.Closed ? 'closed' : 'open';
}
