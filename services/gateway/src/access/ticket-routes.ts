import type { Database } from '@parley/spine';
import { z } from 'zod';
import { faults, json, tooLarge } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import { onBehalfOf } from './tenant.ts';
import type { TicketStore } from './ticket-store.ts';

const lifeSeconds = 60;
const ticketView = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() });

/** Tickets for EventSource and WebSocket in browsers. A reader may have one, although a POST makes it. */
export function ticketRoutes({ db, tickets }: { readonly db: Database; readonly tickets: TicketStore }): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/tickets',
      id: 'createTicket',
      summary: 'A ticket to open one event stream or WebSocket within a minute, for browsers.',
      needs: 'read',
      responses: { 201: json(ticketView, 'Put it in `?ticket=`; it is good once.'), ...tooLarge, ...faults },
      async handle({ context }) {
        const body = await tickets.create(onBehalfOf(db, context.tenant), context, lifeSeconds);
        return { status: 201, headers: { 'Cache-Control': 'no-store' }, body };
      },
    }),
  ];
}
