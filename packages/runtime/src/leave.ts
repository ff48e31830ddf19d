export interface Leaving {
  readonly signal: AbortSignal;
  /** Resolves at the first SIGINT or SIGTERM. */
  readonly left: Promise<undefined>;
}

/** The first signal asks to leave, a second one does not wait. */
export function leaveOnSignal(): Leaving {
  const abort = new AbortController();
  const left = new Promise<undefined>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (abort.signal.aborted) process.exit(130);
        abort.abort();
        done(undefined);
      });
    }
  });
  return { signal: abort.signal, left };
}
