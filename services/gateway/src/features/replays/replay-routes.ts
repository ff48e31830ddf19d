import { replayRulesSchema } from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import { Router } from 'express';
import { z } from 'zod';
import { reply, requestContextOf } from '../../streams/request-context.ts';
import type { Replays } from './replays.ts';

const path = z.strictObject({ id: z.uuid('a debate id is a UUID').toLowerCase() });
const replayPath = path.extend({ replay: z.uuid('a replay id is a UUID').toLowerCase() });

/** Judging a finished debate again, by other rules. */
export function replayRoutes(replays: Replays): Router {
  const router = Router();

  router.post('/v1/debates/:id/replays', async (request, response) => {
    const { id: debate } = parse(path, request.params, 'path');
    const rules = parse(replayRulesSchema, request.body ?? {}, 'body');
    const answer = await replays.start(requestContextOf(request, response), debate, rules);
    reply(response, answer, `/v1/debates/${debate}/replays`);
  });

  router.get('/v1/debates/:id/replays', async (request, response) => {
    const { id } = parse(path, request.params, 'path');
    response.json({ replays: await replays.newest(callerOf(response).tenant, id) });
  });

  router.get('/v1/debates/:id/replays/:replay', async (request, response) => {
    const { id, replay } = parse(replayPath, request.params, 'path');
    response.json(await replays.find(callerOf(response).tenant, id, replay));
  });

  router.all('/v1/debates/:id/replays', onlyMethods('GET', 'POST'));
  router.all('/v1/debates/:id/replays/:replay', onlyMethods('GET'));
  return router;
}
