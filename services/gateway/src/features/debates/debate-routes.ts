import {
  cancelDebateBody,
  noteBody,
  pageQuery,
  pauseDebateBody,
  resumeDebateBody,
  startDebateBody,
} from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import { Router } from 'express';
import { z } from 'zod';
import { reply, requestContextOf } from '../../streams/request-context.ts';
import type { Debates } from './debates.ts';

/** Streams are known by the id as it was given out: in lower case. */
const idPath = z.strictObject({ id: z.uuid('a debate id is a UUID').toLowerCase() });
const bodies = {
  cancel: cancelDebateBody,
  pause: pauseDebateBody,
  resume: resumeDebateBody,
  notes: noteBody,
} as const;

export function debateRoutes(debates: Debates): Router {
  const router = Router();

  router.post('/v1/debates', async (request, response) => {
    const body = parse(startDebateBody, request.body ?? {}, 'body');
    reply(response, await debates.start(requestContextOf(request, response), body));
  });

  router.get('/v1/debates', async (request, response) => {
    const query = parse(pageQuery, request.query, 'query');
    response.json(await debates.page(callerOf(response).tenant, query));
  });

  router.get('/v1/debates/:id', async (request, response) => {
    const { id } = parse(idPath, request.params, 'path');
    response.json(await debates.view(callerOf(response).tenant, id));
  });

  for (const word of ['cancel', 'pause', 'resume', 'notes'] as const) {
    router.post(`/v1/debates/:id/${word}`, async (request, response) => {
      const { id } = parse(idPath, request.params, 'path');
      const body = parse(bodies[word] as z.ZodType, request.body ?? {}, 'body') as never;
      reply(response, await debates.control(requestContextOf(request, response), id, word, body));
    });
    router.all(`/v1/debates/:id/${word}`, onlyMethods('POST'));
  }

  router.all('/v1/debates/:id', onlyMethods('GET'));
  router.all('/v1/debates', onlyMethods('GET', 'POST'));
  return router;
}
