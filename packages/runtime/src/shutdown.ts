/** The wish that this process ends, from a signal or from its parent. */
export interface Shutdown {
  readonly signal: AbortSignal;
  /** Resolves when the process is asked to end. */
  readonly requested: Promise<undefined>;
}

/**
 * Listens for the wish to end. The first signal asks, a second one ends the process at once. A process that was started
 * with a channel to its parent ends with the parent, too.
 */
export function shutdownSignal(): Shutdown {
  const abort = new AbortController();
  const requested = new Promise<undefined>((done) => {
    const request = (): void => {
      // A channel that is listened to keeps the process alive; from now on only its work may.
      process.channel?.unref();
      abort.abort();
      done(undefined);
    };
    if (process.connected) process.on('disconnect', request);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (abort.signal.aborted) process.exit(130);
        request();
      });
    }
  });
  return { signal: abort.signal, requested };
}
