import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { closedStatuses, type DebateSummary, type StartDebateBody } from '@parley/contracts/debate';

export interface DebateWish {
  readonly topic: string;
  readonly maxRounds: number;
  readonly minRounds?: number;
  readonly stopWhenRedundant?: boolean;
  readonly deadlineSeconds?: number;
  readonly checks?: StartDebateBody['checks'];
}

/**
 * What the load generator knows by itself: every debate that a 2xx acknowledged. It asks again with the same
 * Idempotency-Key until it is answered, so that one wish is one debate over any number of crashes.
 */
export function createLedger() {
  const acknowledged = new Map<string, string>();
  const wishes = new Map<string, DebateWish>();
  return {
    /** Ids that were acknowledged. */
    ids: () => [...acknowledged.values()],
    wish(debate: DebateWish): string {
      const key = randomUUID();
      wishes.set(key, debate);
      return key;
    },
    unacknowledged: () => [...wishes.keys()].filter((key) => !acknowledged.has(key)),
    /** One try; false when there was no answer. */
    async ask(url: string, key: string): Promise<boolean> {
      try {
        const response = await fetch(`${url}/v1/debates`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(wishes.get(key)),
          signal: AbortSignal.timeout(10_000),
        });
        if (response.status !== 202) return false;
        const { id } = (await response.json()) as DebateSummary;
        const before = acknowledged.get(key);
        if (before !== undefined && before !== id) throw new Error(`key ${key} was answered with ${before} and ${id}`);
        acknowledged.set(key, id);
        return true;
      } catch {
        return false;
      }
    },
  };
}
export type Ledger = ReturnType<typeof createLedger>;

const closed = new Set<string>(closedStatuses);

/** How many of these debates are not closed, as the API sees it. */
export async function openDebates(url: string, ids: readonly string[]): Promise<string[]> {
  const open: string[] = [];
  for (const id of ids) {
    const response = await fetch(`${url}/v1/debates/${id}`, { signal: AbortSignal.timeout(10_000) });
    const { status } = (await response.json()) as DebateSummary;
    if (!closed.has(status)) open.push(id);
  }
  return open;
}

/** Waits until all are closed, or until `limitMs` is over: then it resolves to those that are not. */
export async function untilClosed(url: string, ids: readonly string[], limitMs: number): Promise<string[]> {
  const end = performance.now() + limitMs;
  let open = [...ids];
  for (;;) {
    open = await openDebates(url, open);
    if (open.length === 0 || performance.now() > end) return open;
    await wait(100);
  }
}
