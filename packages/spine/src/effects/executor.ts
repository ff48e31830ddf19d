import type { EffectOutcome } from '@parley/contracts';
import type { ClockJumps } from '../clock-jumps.ts';
import { createAppointment } from '../tick/appointment.ts';
import type { Leased } from '../tick/work.ts';
import { type AttemptDeps, execute, type Running, untilDone, within } from './attempt.ts';
import { attemptId, type Claimed, cancelled, createLeases, type Held, type LeaseDeps } from './lease.ts';
import type { ProcessGate } from './process-gate.ts';

export interface ExecutorDeps extends LeaseDeps, AttemptDeps {
  readonly pollMs: number;
  readonly maxRunning: number;
  /** Gate that all executors of this process share. */
  readonly gate: ProcessGate;
  readonly clockJumps: ClockJumps;
}

/** Pause after a claim that failed. */
const retryMs = 2_000;
/** Time for an attempt that was told to stop to notice. */
const unwindMs = 500;

/**
 * Executes effects under leases. At least once: an attempt whose process died is made again when its lease ends. Its
 * answer counts once: only the attempt that holds the lease can complete the row. What may have ended processes runs
 * alone in this one.
 */
export function createExecutor(deps: ExecutorDeps) {
  const { gate } = deps;
  const leases = createLeases(deps);
  const running = new Map<string, Running>();
  /** Leased when this process no longer began anything. One with a verdict was begun by somebody else. */
  const late: Held[] = [];
  /** What ran when this process stopped; what has been answered since is no longer its own. */
  let interrupted: readonly Running[] = [];
  /** Places that are promised to a tick. */
  let reserved = 0;
  let isStopping = false;
  let claiming: Promise<void> | undefined;
  let nominating: Promise<void> | undefined;
  let claimAgain = false;
  let renewal: NodeJS.Timeout | undefined;
  let isRenewing = false;
  const appointment = createAppointment(runClaim);
  const leaveGate = gate.join({
    nominate() {
      nominating = nominate().catch(trouble('claiming a suspect'));
      return nominating;
    },
    reopened: () => schedule(0),
  });

  async function nominate(): Promise<void> {
    await claiming;
    let isToCome = true;
    while (isToCome && !isStopping && !holdsSuspect()) {
      isToCome = (await take({ slots: 0, maySuspect: true, isQuiet: true })).hasSteppedBack;
    }
  }

  const free = () => deps.maxRunning - running.size - reserved;
  const holdsSuspect = () => [...running.values()].some(({ isWaiting }) => isWaiting);
  const trouble = (where: string) => (thrown: unknown) => deps.hooks.onTrouble?.(where, thrown);

  /** Keeps the lease alive while `work` goes on. */
  function run(effect: Leased, first: Partial<Running>, work: (one: Running) => Promise<unknown>): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const abort = new AbortController();
    const one: Running = { effect, abort, done: promise, leave() {}, isWaiting: false, isAnswering: false, ...first };
    running.set(attemptId(effect), one);
    renewal ??= setInterval(() => void renew(), deps.leaseMs / 3).unref();
    void work(one)
      .catch(trouble('executing an effect'))
      .finally(() => {
        running.delete(attemptId(effect));
        one.leave();
        resolve();
        if (claimAgain && free() > 0) schedule(0);
      });
  }

  /** Starts an effect that has entered the gate by `leave`, or needs not. */
  function start(effect: Leased, leave: () => void, verdict?: EffectOutcome): void {
    if (isStopping) {
      late.push({ effect, begun: verdict !== undefined });
      leave();
      return;
    }
    run(effect, { leave }, (one) => execute(one, verdict, deps));
  }

  /** Holds a suspect until nothing else runs in this process. That it is alone is durable before it begins. */
  function hold({ effect, crashesAlone }: Claimed): void {
    if (isStopping) {
      late.push({ effect, begun: false });
      return;
    }
    run(effect, { isWaiting: true }, async (one) => {
      const { signal } = one.abort;
      const leave = await gate.alone(crashesAlone, signal);
      if (leave === undefined) return;
      one.leave = once(leave);
      const isOurs = await untilDone(() => leases.markAlone(effect), signal, trouble('marking a suspect as alone'));
      if (!isOurs || signal.aborted) return;
      one.isWaiting = false;
      await execute(one, undefined, deps);
    });
  }

  /** Claims and starts what it got. Resolves to how many it took, how many of them are ordinary, and when to come again. */
  async function take(wish: Parameters<typeof leases.claim>[0]) {
    // What a jump of the clock makes due is not due.
    await deps.clockJumps.settle();
    const { claimed, nextMs } = await leases.claim(wish);
    const surplus: Held[] = [];
    for (const one of claimed) {
      if (one.stepsBack) continue;
      const leave = wish.isQuiet ? () => {} : once(() => gate.leave(1));
      if (one.isSuspect) hold(one);
      else if (free() > 0 || one.verdict !== undefined || isStopping) start(one.effect, leave, one.verdict);
      else {
        // A tick has taken the place while the claim was on its way.
        surplus.push({ effect: one.effect, begun: false });
        leave();
      }
    }
    if (surplus.length > 0) {
      claimAgain = true;
      await leases.release(surplus).catch(trouble('giving effects back'));
    }
    const ordinary = claimed.filter(({ isSuspect }) => !isSuspect).length;
    const back = claimed.filter(({ stepsBack }) => stepsBack);
    // Where that fails its lease ends by itself.
    for (const one of back) await leases.stepBack(one).catch(trouble('letting others go before a suspect'));
    return { count: claimed.length, ordinary, nextMs, hasSteppedBack: back.length > 0 };
  }

  async function claim(): Promise<void> {
    claimAgain = false;
    const slots = free();
    if (slots <= 0) {
      claimAgain = true;
      return;
    }
    let entered = gate.enter(slots);
    try {
      const isQuiet = entered === 0;
      const { count, ordinary, nextMs, hasSteppedBack } = await take({ slots, maySuspect: !isQuiet, isQuiet });
      if (!isQuiet) entered -= ordinary;
      if (count >= slots || hasSteppedBack) claimAgain = true;
      schedule(Math.max(1, nextMs ?? deps.pollMs));
    } catch (thrown) {
      trouble('claiming effects')(thrown);
      schedule(retryMs);
    } finally {
      if (entered > 0) gate.leave(entered);
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
      const granted = isStopping ? 0 : gate.enter(Math.max(0, Math.min(wanted, free())));
      reserved += granted;
      return granted;
    },
    unreserve(count: number): void {
      reserved -= count;
      gate.leave(count);
    },
    /** Starts effects that a tick wrote with this process's lease. */
    startLeased(effects: readonly Leased[]): void {
      reserved -= effects.length;
      for (const effect of effects)
        start(
          effect,
          once(() => gate.leave(1)),
        );
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
      leaveGate();
      for (const { effect, abort, isWaiting } of running.values()) {
        if (!isWaiting) continue;
        late.push({ effect, begun: false });
        abort.abort(cancelled('The service is stopping.'));
      }
      await within(graceMs, settled());
      // A handler that heeds its signal is gone by the time its lease is given back.
      interrupted = [...running.values()].filter(({ isWaiting }) => !isWaiting);
      for (const { abort } of interrupted) abort.abort(cancelled('The service is stopping.'));
      await claiming;
      await nominating;
    },
    /** Gives back, after the last tick, what is left for another process to begin at once. */
    async handBack(): Promise<void> {
      clearInterval(renewal);
      const begun = interrupted.map(({ effect }) => ({ effect, begun: true }));
      await leases.release([...begun, ...late]).catch(trouble('giving effects back'));
      await within(unwindMs, settled());
      for (const { leave } of interrupted) leave();
    },
  };
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

export type Executor = ReturnType<typeof createExecutor>;
