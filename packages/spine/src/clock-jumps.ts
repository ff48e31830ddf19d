import type { Database } from './database/database.ts';
import type { Statements } from './statements.ts';

/** A difference between two clocks that is no drift, in milliseconds: somebody set the clock, or the machine slept. */
const jumpMs = 5_000;

export interface ClockJumpDeps {
  readonly db: Database;
  readonly sql: Pick<Statements, 'shiftTimers'>;
  /** Called with the length of a jump, in milliseconds. */
  onJump?(byMs: number): void;
  /** Clocks for tests: this machine's, and one that never jumps. */
  readonly wall?: () => number;
  readonly monotonic?: () => number;
}

/**
 * Measures how far the clock of an embedded database has jumped under its process. Such a database has this machine's
 * clock, and a deadline is no nearer because somebody set that: deciders are told the time without the jumps, and timers
 * are moved by them. A server's clock is the authority for all its processes, so there nothing is moved.
 */
export function createClockJumps({ db, sql, onJump, ...clocks }: ClockJumpDeps) {
  const { wall = () => Date.now(), monotonic = () => performance.now() } = clocks;
  let last = { wall: wall(), monotonic: monotonic() };
  let jumpedMs = 0;
  let moving: Promise<void> | undefined;

  async function move(byMs: number, beforeMs: number): Promise<void> {
    await db.query(sql.shiftTimers, [byMs / 1000, beforeMs]);
    jumpedMs += byMs;
    onJump?.(byMs);
  }

  return {
    /** All jumps so far together, in milliseconds. */
    jumpedMs: () => jumpedMs,
    /** Looks whether the clock has jumped, and moves the timers if it has. Undefined: nothing to wait for. */
    settle(): Promise<void> | undefined {
      if (!db.isExclusive || moving !== undefined) return moving;
      const now = { wall: wall(), monotonic: monotonic() };
      const expected = last.wall + now.monotonic - last.monotonic;
      const byMs = now.wall - expected;
      if (Math.abs(byMs) < jumpMs) {
        // Drift is followed.
        last = now;
        return undefined;
      }
      moving = move(byMs, expected)
        .then(() => {
          last = now;
        })
        .finally(() => {
          moving = undefined;
        });
      return moving;
    },
  };
}
export type ClockJumps = ReturnType<typeof createClockJumps>;
