import { isParleyError } from '@parley/contracts';

export interface WaitFlags {
  /** Seconds. */
  readonly wait?: number;
}

const pauseMs = 2_000;
const away = new Set(['DATABASE_UNAVAILABLE', 'BUS_UNAVAILABLE']);

/** Does the work, again and again while the server it needs is away, for up to `wait` seconds. */
export async function withPatience<T>(
  { wait = 0 }: WaitFlags,
  work: () => Promise<T>,
  say: (line: string) => void,
): Promise<T> {
  const end = performance.now() + wait * 1_000;
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (!isParleyError(thrown) || !away.has(thrown.code) || performance.now() + pauseMs > end) throw thrown;
      say(thrown.message);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
