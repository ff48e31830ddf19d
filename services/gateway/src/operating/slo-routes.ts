import { onlyMethods } from '@parley/runtime';
import { Router } from 'express';
import type { ReadStanding } from './slo-sources.ts';

/** How the objectives stand. They are of the whole of Parley, not of a tenant. */
export function sloRoutes(readStanding: ReadStanding): Router {
  const router = Router();
  router.get('/v1/slos', async (_request, response) => {
    response.json(await readStanding());
  });
  router.all('/v1/slos', onlyMethods('GET'));
  return router;
}
