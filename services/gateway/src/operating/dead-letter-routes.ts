import { type DeadLetterView, deadLetterQuery, ParleyError, replayLetterBody } from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { Router } from 'express';
import { z } from 'zod';
import { needs } from '../access/guard.ts';
import { onBehalfOf } from '../access/tenant.ts';
import { sendable } from '../domain/letter.ts';
import type { Command, CommandWork } from '../streams/command.ts';
import { requestContextOf } from '../streams/request-context.ts';
import type { DeadLetterStore, FoundLetter } from './dead-letter-store.ts';

export interface DeadLetterRoutesDeps {
  readonly db: Database;
  readonly command: Command;
  readonly deadLetters: DeadLetterStore;
}

const path = z.strictObject({ id: z.uuid().toLowerCase() });
const pageSize = 20;

/** What no service could read of the tenant's messages, for its admins: to look at, and to send again once it can be read. */
export function deadLetterRoutes({ db, command, deadLetters }: DeadLetterRoutesDeps): Router {
  const router = Router();
  router.use('/v1/dead-letters', needs('admin'));

  router.get('/v1/dead-letters', async (request, response) => {
    const { limit = pageSize, cursor } = parse(deadLetterQuery, request.query, 'query');
    const { tenant } = callerOf(response);
    const rows = await deadLetters.page(onBehalfOf(db, tenant), tenant, limit + 1, cursor);
    const letters = rows.slice(0, limit).map(viewOf);
    response.json({ letters, next: rows.length > limit ? (letters.at(-1)?.id ?? null) : null });
  });

  router.get('/v1/dead-letters/:id', async (request, response) => {
    const { id } = parse(path, request.params, 'path');
    const { tenant } = callerOf(response);
    const found = await deadLetters.find(onBehalfOf(db, tenant), tenant, id);
    if (found === undefined) throw unknown(id);
    response.json({ ...viewOf(found), original: found.original });
  });

  router.post('/v1/dead-letters/:id/replay', async (request, response) => {
    const { id } = parse(path, request.params, 'path');
    const body = parse(replayLetterBody, request.body ?? {}, 'body');
    const context = requestContextOf(request, response);
    const work: CommandWork = async (tx, write) => {
      const found = await deadLetters.find(tx, context.tenant, id);
      if (found === undefined) throw unknown(id);
      const revived = sendable(found);
      if (!revived.ok)
        throw new ParleyError('NOT_REPLAYABLE', `Dead letter ${id} cannot be sent again: ${revived.reason}.`);
      await write(found.topic, revived.message);
      return {
        status: 202,
        response: { id, topic: found.topic, replayedAt: await deadLetters.replayed(tx, context.tenant, id) },
      };
    };
    const { status, response: answer } = await command(context, body, work, {
      audit: { action: 'dead-letter.replay', target: id },
    });
    response.status(status).json(answer);
  });

  router.all('/v1/dead-letters', onlyMethods('GET'));
  router.all('/v1/dead-letters/:id', onlyMethods('GET'));
  router.all('/v1/dead-letters/:id/replay', onlyMethods('POST'));
  return router;
}

const unknown = (id: string) => new ParleyError('NOT_FOUND', `There is no dead letter ${id}.`);

function viewOf({ original, tenant: _, ...letter }: FoundLetter): DeadLetterView {
  const revived = sendable({ topic: letter.topic, original });
  return { ...letter, stuck: revived.ok ? null : revived.reason };
}
