import { openEmbedded } from '@parley/spine';
import { check, type Violation } from './checker.ts';
import { createLedger, type DebateWish, untilClosed } from './ledger.ts';
import { type ParleyProcessOptions, startParley } from './parley-process.ts';

export interface CrashRun {
  /** True when the failpoint was reached and the process died of SIGKILL. */
  readonly hasCrashed: boolean;
  readonly acknowledged: number;
  readonly violations: readonly Violation[];
}

export interface CrashOptions extends ParleyProcessOptions {
  readonly failpoint: string;
  readonly debates: readonly DebateWish[];
  /** How long the debates may take after the restart. */
  readonly limitMs?: number;
}

const deathMs = 20_000;

/** Starts, lets it kill itself at the failpoint, starts again without one, waits for the end, stops, checks. */
export async function crashAt(options: CrashOptions): Promise<CrashRun> {
  const ledger = createLedger();
  const first = await startParley({ ...options, env: { ...options.env, PARLEY_FAILPOINT: options.failpoint } });
  for (const wish of options.debates) await ledger.ask(first.url, ledger.wish(wish));
  const timeout = AbortSignal.timeout(deathMs);
  const death = await Promise.race([
    first.exited,
    new Promise<undefined>((resolve) => timeout.addEventListener('abort', () => resolve(undefined))),
  ]);
  if (death === undefined) {
    first.kill('SIGKILL');
    await first.exited;
  }

  const { script: _script, ...safe } = options;
  const second = await startParley(safe);
  for (const key of ledger.unacknowledged()) await ledger.ask(second.url, key);
  await untilClosed(second.url, ledger.ids(), options.limitMs ?? 20_000);
  second.kill('SIGTERM');
  await second.exited;

  const db = await openEmbedded({ dataDir: options.dataDir });
  try {
    const violations = await check(db, ledger.ids());
    return { hasCrashed: death?.signal === 'SIGKILL', acknowledged: ledger.ids().length, violations };
  } finally {
    await db.close();
  }
}
