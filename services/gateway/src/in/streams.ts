import { ParleyError } from '@parley/contracts';

/** Counts the open event streams and WebSockets of each tenant on this process, so that none takes all of them. */
export function createStreams(mostPerTenant: number | undefined) {
  const open = new Map<string, number>();
  return {
    /** @returns gives the place back. @throws ParleyError TOO_MANY_STREAMS */
    enter(tenant: string): () => void {
      const now = open.get(tenant) ?? 0;
      if (mostPerTenant !== undefined && now >= mostPerTenant) {
        throw new ParleyError(
          'TOO_MANY_STREAMS',
          `Tenant ${tenant} has ${now} streams open here, the most there may be. Close some, or have PARLEY_TENANT_STREAMS raised.`,
          { retryAfterMs: 5_000 },
        );
      }
      open.set(tenant, now + 1);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        const left = (open.get(tenant) ?? 1) - 1;
        if (left > 0) open.set(tenant, left);
        else open.delete(tenant);
      };
    },
  };
}
export type Streams = ReturnType<typeof createStreams>;
