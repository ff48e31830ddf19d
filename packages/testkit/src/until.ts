/**
 * Resolves when the condition holds; rejects with what was awaited when it does not within `withinMs`. What `meanwhile`
 * does is done again and again until then.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 20_000,
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain until ${what}.`);
    await meanwhile?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A promise and its handles: a gate that a test opens. */
export function gate(): { readonly passed: Promise<void>; open(): void; slam(error: Error): void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  return { passed: promise, open: resolve, slam: reject };
}
