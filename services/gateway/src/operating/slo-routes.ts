import { slosView } from '@parley/contracts/http';
import { faults, json } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import type { ReadStanding } from './slo-sources.ts';

/** State of the objectives, which belong to the whole of Parley and not to a tenant. */
export function sloRoutes({ readStanding }: { readonly readStanding: ReadStanding }): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/slos',
      id: 'getSlos',
      needs: 'read',
      summary: 'What is promised, how it stands, and how much may still go wrong.',
      tool: {
        name: 'get_slos',
        title: 'Read the objectives',
        description: 'How every service level objective of this Parley stands, and what is left of its budget.',
      },
      responses: { 200: json(slosView, 'Every objective; one of which nothing is known says why.'), ...faults },
      handle: async () => ({ body: await readStanding() }),
    }),
  ];
}
