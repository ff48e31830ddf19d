import { firstDay, type Prices, type UsageView, usageQuery } from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { Router } from 'express';
import { onBehalfOf } from '../access/tenant.ts';
import { summarise } from '../domain/usage.ts';
import type { UsageStore } from '../streams/usage-store.ts';

export interface UsageDeps {
  readonly db: Database;
  readonly usage: UsageStore;
  readonly prices: Prices;
}

const dayMs = 24 * 60 * 60 * 1000;
const defaultDays = 30;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Tokens and money of the tenant that asks. */
export function usageRoutes({ db, usage, prices }: UsageDeps): Router {
  const router = Router();
  router.get('/v1/usage', async (request, response) => {
    const asked = parse(usageQuery, request.query, 'query');
    const to = asked.to ?? dayOf(Math.max(Date.now(), Date.parse(asked.from ?? firstDay)));
    const from = asked.from ?? dayOf(Math.max(Date.parse(firstDay), Date.parse(to) - (defaultDays - 1) * dayMs));
    // Once more, now that both ends are known.
    parse(usageQuery, { from, to }, 'query');
    const groupBy = asked.groupBy ?? 'day';
    const { tenant } = callerOf(response);
    const rows = await usage.between(onBehalfOf(db, tenant), tenant, from, to, groupBy);
    const view: UsageView = { from, to, groupBy, ...summarise(rows, prices) };
    response.json(view);
  });
  router.all('/v1/usage', onlyMethods('GET'));
  return router;
}
