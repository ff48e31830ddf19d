import { closedStatuses, type DebateSummary, ParleyError, sequenceQuery, streamQuery } from '@parley/contracts';
import { callerOf, onlyMethods, parse, upgradeOf } from '@parley/runtime';
import type { Database, Sql } from '@parley/spine';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { isFromElsewhere } from '../access/origin.ts';
import { onBehalfOf } from '../access/tenant.ts';
import type { Connections } from './connections.ts';
import type { EventStore } from './event-store.ts';
import { sendEvents } from './event-stream.ts';
import type { FollowDeps } from './follow.ts';
import type { WebSockets } from './web-socket.ts';

export interface EventRoutesDeps extends Omit<FollowDeps, 'eventsAfter'> {
  readonly db: Database;
  readonly events: EventStore;
  readonly connections: Connections;
  readonly webSockets: WebSockets;
  /** Origins of pages that may open a WebSocket, beside this server's own. */
  readonly origins: readonly string[];
  /** @throws ParleyError NOT_FOUND, also for another tenant's */
  existing(sql: Sql, tenant: string, id: string): Promise<DebateSummary>;
}

/** Streams are known by the id as it was given out: in lower case. */
const path = z.strictObject({ id: z.uuid('a debate id is a UUID').toLowerCase() });
const resumeHeader = z.object({ 'Last-Event-ID': sequenceQuery });
const closed = new Set<string>(closedStatuses);

/** A debate as it happens, by server-sent events and by WebSocket: the same events under the same numbers. */
export function eventRoutes(deps: EventRoutesDeps): Router {
  const router = Router();
  const { db, events, existing, connections: streams, webSockets } = deps;

  async function asked(request: Request, response: Response) {
    const { id: debate } = parse(path, request.params, 'path');
    // The guard has seen to the ticket.
    const { after = 0 } = parse(streamQuery, request.query, 'query');
    const header = request.get('Last-Event-ID');
    // A reconnecting browser keeps the query of its first request: the header is the newer word.
    const from = header ? parse(resumeHeader, { 'Last-Event-ID': header }, 'header')['Last-Event-ID'] : after;
    const { tenant } = callerOf(response);
    const mine = onBehalfOf(db, tenant);
    const { status } = await existing(mine, tenant, debate);
    const eventsAfter = (of: string, seq: number, limit: number) => events.after(mine, tenant, of, seq, limit);
    const isOver = closed.has(status) && (await eventsAfter(debate, from, 1)).length === 0;
    return { debate, after: from, isOver, tenant, following: { ...deps, eventsAfter } };
  }

  router.get('/v1/debates/:id/events', async (request, response) => {
    const { debate, after, isOver, tenant, following } = await asked(request, response);
    if (isOver) {
      // Nothing will ever follow, and this status keeps a browser from reconnecting. Source: WHATWG HTML §9.2.3.
      response.status(204).end();
      return;
    }
    const leave = await streams.enter(tenant);
    if (response.destroyed) {
      leave();
      return;
    }
    response.once('close', leave);
    sendEvents(following, response, debate, after);
  });

  router.get('/v1/debates/:id/ws', async (request, response) => {
    const { tenant, following, ...stream } = await asked(request, response);
    const upgrade = upgradeOf(request);
    if (upgrade === undefined) {
      response.set({ Upgrade: 'websocket', Connection: 'Upgrade' });
      throw new ParleyError('UPGRADE_REQUIRED', 'This is for WebSockets. Take /events for server-sent events.');
    }
    if (isFromElsewhere(request, deps.origins)) {
      throw new ParleyError('FORBIDDEN', 'The page of this origin may not open a WebSocket; see PARLEY_CORS_ORIGINS.');
    }
    await webSockets.open(following, request, upgrade, { ...stream, onClose: await streams.enter(tenant) });
  });

  for (const word of ['events', 'ws']) router.all(`/v1/debates/:id/${word}`, onlyMethods('GET'));
  return router;
}
