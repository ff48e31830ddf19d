import type { EffectOutcome } from '@parley/contracts';
import { createAppointment } from './appointment.ts';
import { type AttemptDeps, execute, type Running, within } from './attempt.ts';
import { attemptId, cancelled, createLeases, type Held, type LeaseDeps } from './lease.ts';
import type { Leased } from './work.ts';

export interface ExecutorDeps extends LeaseDeps, AttemptDeps {
  readonly pollMs: number;
  readonly maxRunning: number;
}

/** After a claim that failed. */
const retryMs = 2_000;
/** An attempt that was told to stop gets this long to notice. */
const unwindMs = 500;

/**
 * Executes effects under leases. At least once: an attempt whose process died is made again when its lease ends. Its
 * answer counts once: only the attempt that holds the lease can complete the row.
 */
export function createExecutor(deps: ExecutorDeps) {
  const leases = createLeases(deps);
  const running = new Map<string, Running>();
  /** Leased when this process no longer began anything. One with a verdict was begun by somebody else. */
  const late: Held[] = [];
  let reserved = 0;
  let isStopping = false;
  let claiming: Promise<void> | undefined;
  let claimAgain = false;
  let renewal: NodeJS.Timeout | undefined;
  let isRenewing = false;
  const appointment = createAppointment(runClaim);

  const free = () => deps.maxRunning - running.size - reserved;
  const trouble = (where: string) => (thrown: unknown) => deps.hooks.onTrouble?.(where, thrown);

  function start(effect: Leased, verdict?: EffectOutcome): void {
    if (isStopping) {
      late.push({ effect, begun: verdict !== undefined });
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const one: Running = { effect, abort: new AbortController(), done: promise, isAnswering: false };
    running.set(attemptId(effect), one);
    renewal ??= setInterval(() => void renew(), deps.leaseMs / 3).unref();
    void execute(one, verdict, deps)
      .catch(trouble('executing an effect'))
      .finally(() => {
        running.delete(attemptId(effect));
        resolve();
        if (claimAgain && free() > 0) schedule(0);
      });
  }

  async function claim(): Promise<void> {
    claimAgain = false;
    const slots = free();
    if (slots <= 0) {
      claimAgain = true;
      return;
    }
    try {
      const { claimed, nextMs } = await leases.claim(slots);
      for (const { effect, verdict } of claimed) start(effect, verdict);
      if (claimed.length >= slots) claimAgain = true;
      schedule(Math.max(1, nextMs ?? deps.pollMs));
    } catch (thrown) {
      trouble('claiming effects')(thrown);
      schedule(retryMs);
    }
  }

  function runClaim(): void {
    if (isStopping) return;
    if (claiming !== undefined) {
      claimAgain = true;
      return;
    }
    claiming = claim().finally(() => {
      claiming = undefined;
      if (claimAgain && free() > 0) schedule(0);
    });
  }

  /** Claims after `ms` or the poll, whichever is sooner. */
  function schedule(ms: number): void {
    if (!isStopping) appointment.at(Math.min(ms, deps.pollMs));
  }

  async function renew(): Promise<void> {
    const mine = [...running.values()];
    if (mine.length === 0) {
      clearInterval(renewal);
      renewal = undefined;
    }
    if (mine.length === 0 || isRenewing) return;
    isRenewing = true;
    try {
      for (const effect of await leases.renew(mine.map((one) => one.effect))) {
        const one = running.get(attemptId(effect));
        if (one === undefined || one.isAnswering) continue;
        deps.hooks.onLeaseLost?.(effect);
        one.abort.abort(cancelled('The lease of this effect is lost.'));
      }
    } catch (thrown) {
      trouble('renewing leases')(thrown);
    } finally {
      isRenewing = false;
    }
  }

  const settled = () => Promise.all([...running.values()].map((one) => one.done));

  return {
    reserve(wanted: number): number {
      const granted = isStopping ? 0 : Math.max(0, Math.min(wanted, free()));
      reserved += granted;
      return granted;
    },
    unreserve(count: number): void {
      reserved -= count;
    },
    /** Starts effects that a tick wrote with this process's lease. */
    startLeased(effects: readonly Leased[]): void {
      reserved -= effects.length;
      for (const effect of effects) start(effect);
    },
    schedule,
    /** Their answers are no longer wanted. */
    abandon(streams: readonly string[]): void {
      if (running.size === 0 || streams.length === 0) return;
      const gone = new Set(streams);
      for (const { effect, abort, isAnswering } of running.values()) {
        if (!isAnswering && gone.has(effect.stream)) abort.abort(cancelled('The stream has finished.'));
      }
    },
    runningCount: () => running.size,
    /** Begins nothing any more, lets what runs finish for `graceMs` and then tells it to stop. */
    async drain(graceMs: number): Promise<void> {
      isStopping = true;
      appointment.cancel();
      await within(graceMs, settled());
      for (const { abort } of running.values()) abort.abort(cancelled('The service is stopping.'));
      await claiming;
    },
    /** After the last tick: gives back what is left for another process to begin at once. */
    async handBack(): Promise<void> {
      clearInterval(renewal);
      const begun = [...running.values()].map(({ effect }) => ({ effect, begun: true }));
      await leases.release([...begun, ...late]).catch(trouble('giving effects back'));
      await within(unwindMs, settled());
    },
  };
}

export type Executor = ReturnType<typeof createExecutor>;
