import { auditQuery } from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { Router } from 'express';
import type { AuditStore } from './audit-store.ts';
import { needs } from './guard.ts';
import { onBehalfOf } from './tenant.ts';

const pageSize = 100;

/** Who did what in the caller's tenant, oldest first, for its admins. */
export function auditRoutes({ db, audit }: { readonly db: Database; readonly audit: AuditStore }): Router {
  const router = Router();
  router.use('/v1/audit', needs('admin'));
  router.get('/v1/audit', async (request, response) => {
    const { after = 0, limit = pageSize } = parse(auditQuery, request.query, 'query');
    const { tenant } = callerOf(response);
    const rows = await audit.after(onBehalfOf(db, tenant), tenant, after, limit + 1);
    const entries = rows.slice(0, limit);
    response.json({ entries, next: rows.length > limit ? (entries.at(-1)?.seq ?? null) : null });
  });
  router.all('/v1/audit', onlyMethods('GET'));
  return router;
}
