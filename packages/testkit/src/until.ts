/**
 * Resolves when the condition holds; rejects with what was awaited when it does not within `withinMs`. What `meanwhile`
 * does is done again and again until then. The pause between two looks grows to 20 ms in the first second, because a look
 * may be a request that costs more than what is waited for.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 20_000,
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const began = Date.now();
  while (!(await holds())) {
    const waitedMs = Date.now() - began;
    if (waitedMs > withinMs) throw new Error(`Waited ${withinMs} ms in vain until ${what}.`);
    await meanwhile?.();
    await new Promise((resolve) => setTimeout(resolve, Math.min(1 + waitedMs / 50, 20)));
  }
}

/** A promise and its handles: a gate that a test opens. */
export function gate(): { readonly passed: Promise<void>; open(): void; slam(error: Error): void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  return { passed: promise, open: resolve, slam: reject };
}
