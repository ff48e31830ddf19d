import type { Logger } from '@parley/runtime';
import type { Database } from '@parley/spine';
import type { ProbeMetrics } from '../metrics.ts';
import type { Probe } from './hold-probe.ts';
import type { ProbeStore } from './probe-store.ts';

export interface ProbesDeps {
  readonly db: Database;
  readonly store: ProbeStore;
  readonly everySeconds: number;
  readonly metrics: ProbeMetrics | undefined;
  readonly logger: Logger;
  /** Rejects when the probe failed. */
  hold(how: Pick<Probe, 'limitMs' | 'signal'>): Promise<void>;
}

/** A user's patience, however seldom is probed; a short period leaves a probe at least the first. */
const limits = { leastMs: 30_000, mostMs: 60_000 } as const;

/** Probes once a period, of all replicas together, and counts how it went. A database that is away is a failure, too. */
export function createProbes({ db, store, everySeconds, metrics, logger, hold }: ProbesDeps) {
  const limitMs = Math.min(limits.mostMs, Math.max(limits.leastMs, everySeconds * 1_000));
  const leaving = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function take(): Promise<void> {
    let waitMs = everySeconds * 1_000;
    try {
      const claimed = await store.claim(db, everySeconds);
      const endsAt = performance.now() + claimed.waitMs;
      if (claimed.isMine) {
        await hold({ limitMs, signal: leaving.signal });
        metrics?.onProbe(true);
      }
      waitMs = Math.max(0, endsAt - performance.now());
    } catch (err) {
      if (leaving.signal.aborted) return;
      metrics?.onProbe(false);
      logger.warn({ err }, 'A probe failed: a debate of one round did not reach its verdict.');
    }
    if (!leaving.signal.aborted) timer = setTimeout(begin, waitMs).unref();
  }
  function begin(): void {
    turn = take();
  }

  return {
    start: begin,
    async stop(): Promise<void> {
      leaving.abort();
      clearTimeout(timer);
      await turn;
    },
  };
}
