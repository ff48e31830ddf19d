import type { Backlog } from '@parley/spine';

export type ReadBacklog = () => Promise<Backlog>;

/** Longest time for the database to say what waits, in milliseconds. */
const timeoutMs = 1_000;

/** Answers undefined when the database does not in time, or has not answered the question before. Never rejects. */
export function withTimeout(read: ReadBacklog): () => Promise<Backlog | undefined> {
  let isBusy = false;
  return async () => {
    if (isBusy) return undefined;
    isBusy = true;
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    const answer = (async () => read())()
      .catch(() => undefined)
      .finally(() => {
        isBusy = false;
      });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  };
}
