import { ParleyError } from '@parley/contracts';
import type { Logger } from '@parley/runtime';
import type { Database } from '@parley/spine';
import type { OpenConnectionStore } from './connection-store.ts';

export interface ConnectionsDeps {
  readonly db: Database;
  readonly store: OpenConnectionStore;
  readonly logger: Logger;
  /** Most connections of a tenant over all replicas; without it any number, and nobody counts. */
  readonly mostPerTenant: number | undefined;
}

/** Often enough that a renewal may fail twice before the places are taken for free. */
const renewMs = 10_000;
const free = () => {};

/**
 * Counts the open event streams and WebSockets of each tenant, over all replicas, so that none takes all of them. What
 * this process has open it writes down when one opens, and again now and then; after a crash that is soon out of date.
 */
export function createConnections({ db, store, logger, mostPerTenant }: ConnectionsDeps) {
  const open = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const add = (tenant: string, n: number): void => {
    const now = (open.get(tenant) ?? 0) + n;
    if (now > 0) open.set(tenant, now);
    else open.delete(tenant);
  };
  /** One after the other: each writes how many there are by then. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }
  function renewLater(ms: number): void {
    if (isStopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      inTurn(() => store.renew(db, open)).catch((err) =>
        logger.warn({ err }, 'Open connections could not be written down.'),
      );
      if (open.size > 0) renewLater(renewMs);
    }, ms).unref();
  }

  return {
    /** @returns gives the place back. @throws ParleyError TOO_MANY_STREAMS */
    async enter(tenant: string): Promise<() => void> {
      if (mostPerTenant === undefined) return free;
      const isIn = await inTurn(async () => {
        const wanted = (open.get(tenant) ?? 0) + 1;
        const isTaken = wanted <= mostPerTenant && (await store.take(db, tenant, wanted, mostPerTenant));
        if (isTaken) add(tenant, 1);
        return isTaken;
      });
      if (!isIn) {
        throw new ParleyError(
          'TOO_MANY_STREAMS',
          `Tenant ${tenant} has ${mostPerTenant} streams open, the most there may be. Close some, or have PARLEY_TENANT_STREAMS raised.`,
          { retryAfterMs: 5_000 },
        );
      }
      renewLater(renewMs);
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        add(tenant, -1);
        clearTimeout(timer);
        timer = undefined;
        // Those that close together are written down together.
        renewLater(0);
      };
    },
    async stop(): Promise<void> {
      isStopped = true;
      clearTimeout(timer);
      if (mostPerTenant === undefined) return;
      open.clear();
      await inTurn(() => store.renew(db, open)).catch(() => {});
    },
  };
}
export type Connections = ReturnType<typeof createConnections>;
