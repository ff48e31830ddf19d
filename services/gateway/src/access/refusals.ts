import type { Logger } from '@parley/runtime';
import type { Database } from '@parley/spine';
import type { Identified } from '../domain/access.ts';
import type { AuditStore } from './audit-store.ts';
import { actFor, everyTenant } from './tenant.ts';

type Refusal = Extract<Identified, { ok: false }>;

const windowMs = 60_000;
/** Most rows for one address in one minute; the rest is summed up, so that nobody fills the log by knocking. */
const mostRows = 10;
const mostAddresses = 10_000;

/** Writes refused credentials to the audit log of the tenant that owns them, or of none ("*"). Never the credential. */
export function createRefusals(deps: { readonly db: Database; readonly audit: AuditStore; readonly logger: Logger }) {
  const { db, audit, logger } = deps;
  let seen = new Map<string, number>();
  let endsAt = 0;

  return async ({ reason, tenant = everyTenant, subject = 'unknown' }: Refusal, address = 'unknown'): Promise<void> => {
    if (performance.now() > endsAt) {
      seen = new Map();
      endsAt = performance.now() + windowMs;
    }
    const times = (seen.get(address) ?? 0) + 1;
    if (seen.size < mostAddresses || seen.has(address)) seen.set(address, times);
    if (times > mostRows) return;
    const detail = times === mostRows ? `${reason} More from here within a minute are not written.` : reason;
    try {
      await db.transaction(async (tx) => {
        await actFor(tx, everyTenant);
        await audit.add(tx, { tenant, subject, action: 'login', target: address, outcome: 'refused', detail });
      });
    } catch (err) {
      logger.warn({ err }, 'A refused credential is not in the audit log.');
    }
  };
}
