import { type EffectOutcome, isParleyError, type Json, messageOf, type Named, ParleyError } from '@parley/contracts';
import type { Database } from './database.ts';
import type { ReachFailpoint } from './failpoint.ts';
import type { SpineHooks } from './hooks.ts';
import type { EffectHandler } from './kind.ts';
import type { Statements } from './statements.ts';
import type { Completion, Leased } from './tick.ts';

export interface ExecutorDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly owner: string;
  readonly handlers: Readonly<Record<string, EffectHandler>>;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly maxRunning: number;
  readonly failpoint: ReachFailpoint;
  readonly hooks: SpineHooks;
  complete(completion: Completion): Promise<void>;
}

/** After this many attempts that ended with their process the effect is taken for the cause. */
const maxCrashes = 3;
const retryMs = { first: 50, max: 2_000 };
/** An attempt that was told to stop gets this long to notice. */
const unwindMs = 500;

interface ClaimedRow {
  readonly stream_id: string | null;
  readonly key: string;
  readonly kind: string;
  readonly data: Named;
  readonly is_idempotent: boolean;
  readonly started: number;
  readonly finished: number;
  readonly traceparent: string | null;
  readonly was: 'pending' | 'running';
  readonly next_ms: number | null;
}

interface Running {
  readonly effect: Leased;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Executes effects under leases. At least once: an attempt whose process died is made again when its lease ends. Its
 * answer counts once: only the attempt that holds the lease can complete the row.
 */
export function createExecutor(deps: ExecutorDeps) {
  const running = new Map<string, Running>();
  let reserved = 0;
  let isStopping = false;
  let isClaiming = false;
  let claimAgain = false;
  let wake: NodeJS.Timeout | undefined;
  let wakeAt = Number.POSITIVE_INFINITY;
  let renewal: NodeJS.Timeout | undefined;

  /** Of one attempt: after a lost lease two attempts at one effect may run side by side. */
  const idOf = (effect: Leased) => attemptId(effect.stream, effect.key, effect.started);
  const free = () => deps.maxRunning - running.size - reserved;

  function start(effect: Leased, verdict?: EffectOutcome): void {
    if (isStopping) return;
    const abort = new AbortController();
    const done = execute(effect, abort, verdict).finally(() => {
      running.delete(idOf(effect));
      if (claimAgain && free() > 0) schedule(0);
    });
    running.set(idOf(effect), { effect, abort, done });
    renewal ??= setInterval(() => void renew(), deps.leaseMs / 3).unref();
  }

  async function execute(effect: Leased, abort: AbortController, verdict?: EffectOutcome): Promise<void> {
    const began = performance.now();
    const outcome = verdict ?? (await attempt(effect, abort));
    if (abort.signal.aborted) return;
    const kind =
      outcome.type === 'effect.succeeded' ? 'succeeded' : outcome.type === 'effect.failed' ? 'failed' : 'unknown';
    deps.hooks.onEffect?.({ type: effect.effect.type, outcome: kind, ms: performance.now() - began });
    deps.failpoint('after-model-before-completion');
    const { stream, key, started, traceparent } = effect;
    for (let delay = retryMs.first; !abort.signal.aborted; delay = Math.min(delay * 2, retryMs.max)) {
      try {
        await deps.complete({ stream, kind: effect.kind, key, started, traceparent, outcome });
        return;
      } catch (thrown) {
        // The answer is kept and the lease with it until the database is back.
        deps.hooks.onTrouble?.('completing an effect', thrown);
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
    }
  }

  async function attempt(effect: Leased, abort: AbortController): Promise<EffectOutcome> {
    const { stream, kind, key, traceparent } = effect;
    const type = effect.effect.type;
    try {
      const handler = deps.handlers[type];
      if (handler === undefined) throw new ParleyError('INTERNAL', `No handler for effects of type "${type}".`);
      deps.failpoint('after-claim');
      const result = await handler({
        stream,
        kind,
        key,
        effect: effect.effect,
        attempt: effect.started,
        signal: abort.signal,
        traceparent,
      });
      return { type: 'effect.succeeded', effect: type, key, result: result satisfies Json };
    } catch (thrown) {
      const code = isParleyError(thrown) ? thrown.code : 'INTERNAL';
      return { type: 'effect.failed', effect: type, key, code, reason: messageOf(thrown) };
    }
  }

  async function claim(): Promise<void> {
    if (isClaiming || isStopping) {
      claimAgain = true;
      return;
    }
    isClaiming = true;
    claimAgain = false;
    try {
      const slots = free();
      if (slots <= 0) {
        claimAgain = true;
        return;
      }
      const rows = await deps.db.query<ClaimedRow>(deps.sql.claim, [deps.owner, slots, deps.leaseMs / 1000]);
      let nextMs = deps.pollMs;
      for (const row of rows) {
        if (row.stream_id === null) {
          if (row.next_ms !== null) nextMs = Math.min(nextMs, Math.max(1, row.next_ms));
          continue;
        }
        begin(row, row.stream_id);
      }
      if (rows.length - 1 >= slots) claimAgain = true;
      schedule(nextMs);
    } catch (thrown) {
      deps.hooks.onTrouble?.('claiming effects', thrown);
      schedule(Math.min(deps.pollMs, retryMs.max));
    } finally {
      isClaiming = false;
    }
  }

  function begin(row: ClaimedRow, stream: string): void {
    const { key, data, started, finished } = row;
    const effect: Leased = {
      stream,
      kind: row.kind,
      key,
      effect: data,
      isIdempotent: row.is_idempotent,
      dueAt: undefined,
      traceparent: row.traceparent ?? undefined,
      started,
    };
    if (row.was === 'running' && !row.is_idempotent) {
      start(effect, { type: 'effect.outcome-unknown', effect: data.type, key });
    } else if (started - finished > maxCrashes) {
      const reason = `${started - 1} attempts ended with their process`;
      start(effect, { type: 'effect.failed', effect: data.type, key, code: 'EFFECT_POISON', reason });
    } else {
      start(effect);
    }
  }

  /** Claims after `ms` at the latest; an earlier appointment stands. */
  function schedule(ms: number): void {
    if (isStopping) return;
    const at = performance.now() + ms;
    if (wake !== undefined && wakeAt <= at) return;
    clearTimeout(wake);
    wakeAt = at;
    wake = setTimeout(() => {
      wake = undefined;
      wakeAt = Number.POSITIVE_INFINITY;
      void claim();
    }, ms);
  }

  async function renew(): Promise<void> {
    const mine = [...running.values()];
    if (mine.length === 0) {
      clearInterval(renewal);
      renewal = undefined;
      return;
    }
    const list = listOf(mine);
    try {
      await deps.db.query(deps.sql.renew, [deps.owner, list, deps.leaseMs / 1000]);
      const kept = await deps.db.query<{ stream_id: string; key: string; started: number }>(deps.sql.stillMine, [
        deps.owner,
        list,
      ]);
      const keptIds = new Set(kept.map((row) => attemptId(row.stream_id, row.key, row.started)));
      for (const one of mine) {
        if (keptIds.has(idOf(one.effect)) || !running.has(idOf(one.effect))) continue;
        deps.hooks.onLeaseLost?.(one.effect);
        one.abort.abort(new ParleyError('CANCELLED', 'The lease of this effect is lost.'));
      }
    } catch (thrown) {
      deps.hooks.onTrouble?.('renewing leases', thrown);
    }
  }

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
      if (running.size === 0) return;
      const gone = new Set(streams);
      for (const { effect, abort } of running.values()) {
        if (gone.has(effect.stream)) abort.abort(new ParleyError('CANCELLED', 'The stream has finished.'));
      }
    },
    runningCount: () => running.size,
    /** Lets what runs finish for `graceMs`, then gives it back for another process to begin at once. */
    async stop(graceMs: number): Promise<void> {
      isStopping = true;
      clearTimeout(wake);
      const all = [...running.values()];
      const ended = await Promise.race([Promise.allSettled(all.map((one) => one.done)), late(graceMs)]);
      clearInterval(renewal);
      if (ended !== 'late') return;
      const left = [...running.values()];
      for (const one of left) one.abort.abort(new ParleyError('CANCELLED', 'The service is stopping.'));
      await deps.db.query(deps.sql.release, [deps.owner, listOf(left)]);
      await Promise.race([Promise.allSettled(left.map((one) => one.done)), late(unwindMs)]);
    },
  };
}
function attemptId(stream: string, key: string, started: number): string {
  return `${stream}\n${key}\n${started}`;
}

function listOf(attempts: readonly Running[]): string {
  return JSON.stringify(
    attempts.map(({ effect }) => ({ stream_id: effect.stream, key: effect.key, started: effect.started })),
  );
}

function late(ms: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(resolve, ms, 'late').unref());
}

export type Executor = ReturnType<typeof createExecutor>;
