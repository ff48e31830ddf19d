import { asyncApiDocument } from '@parley/contracts';
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
  router.get('/asyncapi.json', (_request, response) => {
    response.json(asyncApiDocument());
  });
  router.all(['/openapi.json', '/asyncapi.json'], onlyMethods('GET'));
  return router;
}
