import { type SystemView, topics } from '@parley/contracts';
import { onlyMethods, statusEverySeconds } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { Router } from 'express';
import { needs } from '../access/guard.ts';
import { everyTenant, onBehalfOf } from '../access/tenant.ts';
import { systemOf } from '../domain/system.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';
import type { StatusBoard } from './status-board.ts';

export interface SystemDeps {
  readonly db: Database;
  readonly board: Pick<StatusBoard, 'read'>;
  readonly deadLetters: DeadLetterStore;
}

/** How the services do, which are of the whole of Parley and not of a tenant: numbers alone, and for admins. */
export function systemRoutes({ db, board, deadLetters }: SystemDeps): Router {
  const listeningSince = new Date().toISOString();
  const router = Router();
  router.use('/v1/system', needs('admin'));
  router.get('/v1/system', async (_request, response) => {
    const at = {
      nowMs: performance.now(),
      everyMs: statusEverySeconds * 1_000,
      services: topics.status.owner,
      deadLetters: await deadLetters.counts(onBehalfOf(db, everyTenant)),
    };
    const services = systemOf(board.read(), at);
    response.json({ listeningSince, everySeconds: statusEverySeconds, services } satisfies SystemView);
  });
  router.all('/v1/system', onlyMethods('GET'));
  return router;
}
