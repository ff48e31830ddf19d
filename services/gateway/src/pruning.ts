import type { Logger } from '@parley/runtime';

const everyMs = 60 * 60 * 1000;

/** Forgets every hour what nobody needs any more, one thing after the other. */
export function createPruning(tasks: readonly (() => Promise<unknown>)[], logger: Logger) {
  let timer: NodeJS.Timeout | undefined;

  async function prune(): Promise<void> {
    try {
      for (const task of tasks) await task();
    } catch (err) {
      logger.warn({ err }, 'Pruning failed; expired keys and probes stay until the next run in 1 h.');
    }
  }

  return {
    start(): void {
      timer = setInterval(() => void prune(), everyMs).unref();
    },
    stop: (): void => clearInterval(timer),
  };
}
