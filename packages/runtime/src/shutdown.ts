export interface Shutdown {
  readonly signal: AbortSignal;
  /** Resolves when it is time to leave. */
  readonly requested: Promise<undefined>;
}

/**
 * The first signal asks to leave, a second one does not wait. A process that was started with a channel to its parent
 * leaves with the parent, too.
 */
export function shutdownSignal(): Shutdown {
  const abort = new AbortController();
  const left = new Promise<undefined>((done) => {
    const leave = (): void => {
      // The channel of one that waits for a disconnect keeps the process; when it leaves, only its work may.
      process.channel?.unref();
      abort.abort();
      done(undefined);
    };
    if (process.connected) process.on('disconnect', leave);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (abort.signal.aborted) process.exit(130);
        leave();
      });
    }
  });
  return { signal: abort.signal, requested: left };
}
