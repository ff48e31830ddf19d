import { ParleyError } from '@parley/contracts';
import type { Sql } from '@parley/spine';
import type { UsageStore } from './usage-store.ts';

/**
 * Lets work start while its tenant has tokens left today. Work that has begun goes on: a quota is no deadline, so the
 * day may end above it by what is still spent.
 */
export function createQuota(usage: UsageStore, tokensPerDay: number | undefined) {
  return async (tx: Sql, tenant: string): Promise<void> => {
    if (tokensPerDay === undefined) return;
    const { tokens, resetMs } = await usage.today(tx, tenant);
    if (tokens < tokensPerDay) return;
    const resetsAt = new Date(Date.now() + resetMs).toISOString();
    throw new ParleyError(
      'TOKEN_QUOTA',
      `Tenant ${tenant} has used ${tokens} of its ${tokensPerDay} tokens of today. The day (UTC) ends at ${resetsAt}: ask again then, or have PARLEY_TENANT_TOKENS_PER_DAY raised.`,
      { retryAfterMs: resetMs },
    );
  };
}
