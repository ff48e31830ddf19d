const intervalMs = 10_000;

/** Takes progress, a line at a time. */
export type Say = (line: string) => void;

/** Does the work, and says every ten seconds that it is still `doing` it. */
export async function sayWhile<T>(say: Say, doing: string, work: () => Promise<T>): Promise<T> {
  const since = Date.now();
  const timer = setInterval(() => say(`… still ${doing}, ${Math.round((Date.now() - since) / 1000)} s`), intervalMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
