import { ParleyError, topics, unparkBody } from '@parley/contracts';
import { callerOf, newId, onlyMethods, parse } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { Router } from 'express';
import { z } from 'zod';
import { needs } from '../access/guard.ts';
import { onBehalfOf } from '../access/tenant.ts';
import type { Command, CommandWork } from '../streams/command.ts';
import { createEnvelope } from '../streams/envelope.ts';
import type { ParkedStore } from '../streams/parked-store.ts';
import { requestContextOf } from '../streams/request-context.ts';

export interface ParkedRoutesDeps {
  readonly db: Database;
  readonly command: Command;
  readonly parked: ParkedStore;
}

const path = z.strictObject({ id: z.uuid().toLowerCase() });
const shown = 100;

/** Streams of the tenant that a service has set aside, and another try for them, which the service itself gives. */
export function parkedRoutes({ db, command, parked }: ParkedRoutesDeps): Router {
  const router = Router();
  router.get('/v1/parked', async (_request, response) => {
    const { tenant } = callerOf(response);
    response.json({ parked: await parked.newest(onBehalfOf(db, tenant), tenant, shown) });
  });

  router.post('/v1/parked/:id/unpark', needs('admin'), async (request, response) => {
    const { id } = parse(path, request.params, 'path');
    const body = parse(unparkBody, request.body ?? {}, 'body');
    const context = requestContextOf(request, response);
    const work: CommandWork = async (tx, write) => {
      const found = await parked.find(tx, context.tenant, id);
      if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no stream set aside as ${id}.`);
      const { service, kind, stream, isOver } = found;
      if (isOver) {
        throw new ParleyError(
          'NOT_PARKED',
          `${kind} ${stream} of ${service} is not set aside any more; see /v1/parked.`,
        );
      }
      const askedAt = await parked.ask(tx, context.tenant, id);
      const data = { service, kind, stream };
      const message = createEnvelope(context, `unpark/${newId()}`, stream, 'unpark-stream.v1', data);
      await write(topics.streamCommands.name, message);
      return { status: 202, response: { id, service, stream, askedAt } };
    };
    const { status, response: answer } = await command(context, body, work, {
      audit: { action: 'stream.unpark', target: id },
    });
    response.status(status).json(answer);
  });

  router.all('/v1/parked', onlyMethods('GET'));
  router.all('/v1/parked/:id/unpark', onlyMethods('POST'));
  return router;
}
