import { isParleyError, messageOf } from '@parley/contracts';
import type { Arrival } from './kind.ts';
import { isUniqueViolation } from './pg-errors.ts';
import { type Completion, type TickDeps, type TickResult, tick } from './tick.ts';

interface Waiting {
  readonly arrivals: readonly Arrival[];
  readonly completions: readonly Completion[];
  resolve(): void;
  reject(thrown: unknown): void;
}

export interface TickerDeps extends TickDeps {
  readonly maxStreamsPerTick: number;
  /** After each commit, in commit order. */
  onCommitted(result: TickResult): void;
}

/** Two ticks that both create a stream: one fails and finds the row when it comes again. */
const maxRaces = 5;

/**
 * Gathers what arrives while a tick runs and gives it to the next one: group commit. Everything handed in is
 * committed when its promise resolves.
 */
export function createTicker(deps: TickerDeps) {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group: Waiting[] = [];
      let size = 0;
      while (waiting.length > 0 && size < deps.maxStreamsPerTick) {
        const next = waiting.shift() as Waiting;
        group.push(next);
        size += next.arrivals.length + next.completions.length;
      }
      try {
        await commit(
          group.flatMap((one) => one.arrivals),
          group.flatMap((one) => one.completions),
        );
        for (const one of group) one.resolve();
      } catch (thrown) {
        for (const one of group) one.reject(thrown);
      }
    }
    running = undefined;
  }

  /** Halves a batch that the database refuses until the input that it refuses stands alone, and parks that one. */
  async function commit(arrivals: readonly Arrival[], completions: readonly Completion[], races = 0): Promise<void> {
    try {
      const result = await tick(deps, arrivals, completions);
      deps.failpoint('after-commit');
      deps.onCommitted(result);
    } catch (thrown) {
      if (isParleyError(thrown) && thrown.retryable) throw thrown;
      if (isUniqueViolation(thrown) && races < maxRaces) return commit(arrivals, completions, races + 1);
      const count = arrivals.length + completions.length;
      if (count <= 1) return parkAlone(arrivals[0], completions[0], thrown);
      const half = (list: readonly unknown[]) => Math.ceil(list.length / 2);
      if (arrivals.length > 0 && completions.length > 0) {
        await commit(arrivals, []);
        await commit([], completions);
      } else {
        await commit(arrivals.slice(0, half(arrivals)), completions.slice(0, half(completions)));
        await commit(arrivals.slice(half(arrivals)), completions.slice(half(completions)));
      }
    }
  }

  async function parkAlone(
    arrival: Arrival | undefined,
    completion: Completion | undefined,
    thrown: unknown,
  ): Promise<void> {
    const one = arrival ?? completion;
    if (one === undefined) throw thrown;
    const input = arrival?.input ?? completion?.outcome;
    await deps.db.query(deps.sql.park, [
      one.stream,
      one.kind,
      null,
      messageOf(thrown),
      input?.type ?? 'unknown',
      arrival?.id ?? `answer/${one.stream}/${completion?.key}`,
      JSON.stringify(input ?? null),
      one.traceparent ?? null,
    ]);
  }

  return {
    /** Resolves when all of it is committed; rejects with a retryable ParleyError when none of it may be. */
    handle(arrivals: readonly Arrival[], completions: readonly Completion[] = []): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting.push({ arrivals, completions, resolve, reject });
        running ??= drain();
      });
    },
    /** One tick over streams that have pending inputs. Resolves to how many inputs it handled. */
    async handlePending(): Promise<number> {
      const result = await tick(deps, [], [], deps.maxStreamsPerTick);
      deps.onCommitted(result);
      return result.report.inputs;
    },
    async idle(): Promise<void> {
      await running;
    },
  };
}
export type Ticker = ReturnType<typeof createTicker>;
