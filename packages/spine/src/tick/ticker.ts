import { AsyncLocalStorage } from 'node:async_hooks';
import { isParleyError, messageOf } from '@parley/contracts';
import { isUniqueViolation } from '../database/pg-errors.ts';
import type { Arrival } from '../kind.ts';
import { tick } from './tick.ts';
import type { TickDeps, TickResult } from './tick-deps.ts';
import type { Completion, Work } from './work.ts';

interface Waiting {
  readonly arrivals: readonly Arrival[];
  readonly completions: readonly Completion[];
  resolve(): void;
  reject(thrown: unknown): void;
}

export interface TickerDeps extends TickDeps {
  readonly maxStreamsPerTick: number;
  /** Called after each commit, in commit order. */
  onCommitted(result: TickResult): void;
}

/** Two ticks that both create a stream: one fails and finds the row when it comes again. */
const maxRaces = 5;

/**
 * Limits of gathering. Under load a tick waits a moment for company: a transaction costs as much for 40 inputs as for
 * 10 and a bit. A tick that had few inputs, or a while ago, says that there is no load, and nobody waits.
 */
const gather = { fromInputs: 8, busyForMs: 50, ms: 1 } as const;

/**
 * Gathers what arrives while a tick runs and gives it to the next one: group commit. Everything handed in is
 * committed when its promise resolves.
 */
export function createTicker(deps: TickerDeps) {
  const { hooks } = deps;
  /** Leaves the caller's async context: a tick serves many callers, and the timers that it starts serve others. */
  const detached = AsyncLocalStorage.snapshot();
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let lastSize = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      if (lastSize >= gather.fromInputs && performance.now() - lastEnd < gather.busyForMs) {
        await new Promise((resolve) => setTimeout(resolve, gather.ms));
      }
      const group: Waiting[] = [];
      let size = 0;
      while (waiting.length > 0 && size < deps.maxStreamsPerTick) {
        const next = waiting.shift() as Waiting;
        group.push(next);
        size += next.arrivals.length + next.completions.length;
      }
      lastSize = size;
      try {
        await commit({
          arrivals: group.flatMap((one) => one.arrivals),
          completions: group.flatMap((one) => one.completions),
        });
        for (const one of group) one.resolve();
      } catch (thrown) {
        for (const one of group) one.reject(thrown);
      }
      lastEnd = performance.now();
    }
    running = undefined;
  }

  /** Halves work that the database refuses until what it refuses stands alone, and parks that. */
  async function commit(work: Work, races = 0): Promise<number> {
    let result: TickResult;
    try {
      const run = () => tick(deps, work);
      const isPoll = work.arrivals.length + work.completions.length === 0;
      result = await (isPoll || hooks.aroundTick === undefined ? run() : hooks.aroundTick(work, run));
    } catch (thrown) {
      if (isParleyError(thrown) && thrown.retryable) throw thrown;
      if (isUniqueViolation(thrown) && races < maxRaces) return commit(work, races + 1);
      const size = sizeOf(work);
      if (work.refusal !== undefined || size === 0) throw thrown;
      if (size === 1) return commit({ ...work, refusal: messageOf(thrown) });
      const middle = Math.ceil(size / 2);
      return (await commit(part(work, 0, middle))) + (await commit(part(work, middle, size)));
    }
    if (result.report.streams > 0) deps.failpoint('after-commit');
    deps.unreserve(result.unused);
    deps.onCommitted(result);
    return result.report.inputs;
  }

  return {
    /** Resolves when everything given is committed; rejects with a retryable ParleyError when nothing may be. */
    handle(arrivals: readonly Arrival[], completions: readonly Completion[] = []): Promise<void> {
      if (arrivals.length + completions.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ arrivals, completions, resolve, reject });
        running ??= detached(drain);
      });
    },
    /** One tick over streams that have pending inputs. Resolves to how many inputs it handled. */
    async handlePending(): Promise<number> {
      const limit = deps.maxStreamsPerTick;
      try {
        return await detached(commit, { arrivals: [], completions: [], limit });
      } catch (thrown) {
        if (isParleyError(thrown) && thrown.retryable) throw thrown;
        const rows = await deps.db.query<{ id: string }>(deps.sql.pendingStreams, [limit]);
        if (rows.length === 0) throw thrown;
        return detached(commit, { arrivals: [], completions: [], streams: rows.map((row) => row.id) });
      }
    },
    async idle(): Promise<void> {
      await running;
    },
  };
}

function sizeOf({ arrivals, completions, streams = [] }: Work): number {
  return arrivals.length + completions.length + streams.length;
}

/** What stands from `from` to before `to` in the row of arrivals, completions and streams. */
function part({ arrivals, completions, streams = [] }: Work, from: number, to: number): Work {
  const cut = <T>(list: readonly T[], before: number) =>
    list.slice(Math.max(0, from - before), Math.max(0, to - before));
  return {
    arrivals: cut(arrivals, 0),
    completions: cut(completions, arrivals.length),
    streams: cut(streams, arrivals.length + completions.length),
  };
}

export type Ticker = ReturnType<typeof createTicker>;
