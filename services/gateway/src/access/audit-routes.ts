import { auditPage, auditQuery } from '@parley/contracts/http';
import type { Database } from '@parley/spine';
import { faults, json } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import type { AuditStore } from './audit-store.ts';
import { onBehalfOf } from './tenant.ts';

const pageSize = 100;

/** Routes that tell a tenant's admins who did what in it, oldest first. */
export function auditRoutes({ db, audit }: { readonly db: Database; readonly audit: AuditStore }): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/audit',
      id: 'listAudit',
      summary: 'Who did what in the tenant, oldest first; each row is sealed with the one before.',
      needs: 'admin',
      query: auditQuery,
      responses: { 200: json(auditPage, 'One page.'), ...faults },
      async handle({ context: { tenant }, query: { after = 0, limit = pageSize } }) {
        const rows = await audit.after(onBehalfOf(db, tenant), tenant, after, limit + 1);
        const entries = rows.slice(0, limit);
        return { body: { entries, next: rows.length > limit ? (entries.at(-1)?.seq ?? null) : null } };
      },
    }),
  ];
}
