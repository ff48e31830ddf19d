import { callerOf, onlyMethods } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { Router } from 'express';
import { needs } from './guard.ts';
import { onBehalfOf } from './tenant.ts';
import type { TicketStore } from './ticket-store.ts';

const lifeSeconds = 60;

/** Tickets for EventSource and WebSocket in browsers. Before the rule that a POST needs `write`: who looks may have one. */
export function ticketRoutes({ db, tickets }: { readonly db: Database; readonly tickets: TicketStore }): Router {
  const router = Router();
  router.post('/v1/tickets', needs('read'), async (_request, response) => {
    const caller = callerOf(response);
    const made = await tickets.create(onBehalfOf(db, caller.tenant), caller, lifeSeconds);
    response.status(201).set('Cache-Control', 'no-store').json(made);
  });
  router.all('/v1/tickets', onlyMethods('POST'));
  return router;
}
