import { createKeyBody, rotateKeyBody } from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import { Router } from 'express';
import { z } from 'zod';
import type { ApiKeyService } from './api-key-service.ts';
import { needs } from './guard.ts';

const path = z.strictObject({ id: z.uuid('a key id is a UUID').toLowerCase() });

/** The API keys of the caller's tenant, for its admins. */
export function keyRoutes(office: ApiKeyService): Router {
  const router = Router();
  router.use('/v1/keys', needs('admin'), (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  router.post('/v1/keys', async (request, response) => {
    const body = parse(createKeyBody, request.body ?? {}, 'body');
    const made = await office.create(callerOf(response), body);
    response.status(201).set('Location', `/v1/keys/${made.id}`).json(made);
  });
  router.get('/v1/keys', async (_request, response) => {
    response.json({ keys: await office.list(callerOf(response).tenant) });
  });
  router.post('/v1/keys/:id/rotate', async (request, response) => {
    const { id } = parse(path, request.params, 'path');
    const { overlapSeconds } = parse(rotateKeyBody, request.body ?? {}, 'body');
    const made = await office.rotate(callerOf(response), id, overlapSeconds);
    response.status(201).set('Location', `/v1/keys/${made.id}`).json(made);
  });
  router.delete('/v1/keys/:id', async (request, response) => {
    const { id } = parse(path, request.params, 'path');
    await office.revoke(callerOf(response), id);
    response.status(204).end();
  });
  router.all('/v1/keys', onlyMethods('GET', 'POST'));
  router.all('/v1/keys/:id', onlyMethods('DELETE'));
  router.all('/v1/keys/:id/rotate', onlyMethods('POST'));
  return router;
}
