import { onlyMethods } from '@parley/runtime';
import { Router } from 'express';
import { openApiDocument } from './openapi.ts';

/** What there is to ask for. */
export function documentRoutes(): Router {
  const router = Router();
  const document = openApiDocument();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.all('/openapi.json', onlyMethods('GET'));
  return router;
}
