import type { SlosView } from '@parley/contracts/http';
import type { Logger } from '@parley/runtime';
import type { Budgets } from '../domain/degradation.ts';

export interface BudgetsDeps {
  readStanding(): Promise<SlosView>;
  readonly logger: Logger;
  readonly everyMs?: number;
}

const everyMs = 30_000;
/** Age from which a reading says nothing any more. */
const oldMs = 5 * 60_000;
const nothing: Budgets = new Map();

/** What is left of the budgets, as it was known last: no request waits for it. Nothing is known for long. */
export function createBudgets(deps: BudgetsDeps) {
  let known = nothing;
  let knownAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    try {
      const { slos } = await deps.readStanding();
      const left = slos.flatMap(({ id, budgetLeft }): [string, number][] =>
        budgetLeft === null ? [] : [[id, budgetLeft]],
      );
      if (left.length === 0) return;
      known = new Map(left);
      knownAt = performance.now();
    } catch (err) {
      deps.logger.warn({ err }, 'The error budgets cannot be read; trying again.');
    }
  }
  const next = () => {
    reading = read();
  };

  return {
    now: (): Budgets => (performance.now() - knownAt < oldMs ? known : nothing),
    async start(): Promise<void> {
      next();
      timer = setInterval(next, deps.everyMs ?? everyMs).unref();
      await reading;
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await reading;
    },
  };
}
