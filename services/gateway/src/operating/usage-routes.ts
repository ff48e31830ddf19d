import { firstDay, type Prices, type UsageView, usageQuery, usageView } from '@parley/contracts/http';
import { parse } from '@parley/runtime/problem.ts';
import type { Database } from '@parley/spine';
import { onBehalfOf } from '../access/tenant.ts';
import { faults, json } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
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
export function usageRoutes({ db, usage, prices }: UsageDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/usage',
      id: 'getUsage',
      needs: 'read',
      summary: 'Tokens and money by day, agent or model.',
      query: usageQuery,
      responses: { 200: json(usageView, 'What was spent, both days included.'), ...faults },
      async handle({ context: { tenant }, query: asked }) {
        const to = asked.to ?? dayOf(Math.max(Date.now(), Date.parse(asked.from ?? firstDay)));
        const from = asked.from ?? dayOf(Math.max(Date.parse(firstDay), Date.parse(to) - (defaultDays - 1) * dayMs));
        // Once more, now that both ends are known.
        parse(usageQuery, { from, to }, 'query');
        const groupBy = asked.groupBy ?? 'day';
        const rows = await usage.between(onBehalfOf(db, tenant), tenant, from, to, groupBy);
        return { body: { from, to, groupBy, ...summarise(rows, prices) } satisfies UsageView };
      },
    }),
  ];
}
