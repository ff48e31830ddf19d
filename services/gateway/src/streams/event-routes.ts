import { ParleyError, type StreamKind, sequenceQuery, streamQuery } from '@parley/contracts';
import { callerOf, onlyMethods, parse, upgradeOf } from '@parley/runtime';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { isFromElsewhere } from '../access/origin.ts';
import type { Connections } from './connections.ts';
import { sendEvents } from './event-stream.ts';
import type { FollowDeps } from './follow.ts';
import type { Streams } from './streams.ts';
import type { WebSockets } from './web-socket.ts';

export interface EventRoutesDeps extends Pick<FollowDeps, 'heartbeatMs' | 'patienceMs'> {
  readonly streams: Streams;
  readonly connections: Connections;
  readonly webSockets: WebSockets;
  /** Origins of pages that may open a WebSocket, beside this server's own. */
  readonly origins: readonly string[];
}

const resumeHeader = z.object({ 'Last-Event-ID': sequenceQuery });

/** Streams of one kind as they happen, by server-sent events and by WebSocket: the same events under the same numbers. */
export function eventRoutes(deps: EventRoutesDeps, kind: StreamKind): Router {
  const router = Router();
  const { streams, connections, webSockets } = deps;
  // Streams are known by the id as it was given out: in lower case.
  const path = z.strictObject({ id: z.uuid(`a ${kind.name} id is a UUID`).toLowerCase() });
  const limits = {
    ...(deps.heartbeatMs === undefined ? {} : { heartbeatMs: deps.heartbeatMs }),
    ...(deps.patienceMs === undefined ? {} : { patienceMs: deps.patienceMs }),
  };

  async function asked(request: Request, response: Response) {
    const { id } = parse(path, request.params, 'path');
    // The guard has seen to the ticket.
    const { after: queried = 0 } = parse(streamQuery, request.query, 'query');
    const header = request.get('Last-Event-ID');
    // A reconnecting browser keeps the query of its first request: the header is newer.
    const after = header ? parse(resumeHeader, { 'Last-Event-ID': header }, 'header')['Last-Event-ID'] : queried;
    const { tenant } = callerOf(response);
    const { isOver, following } = await streams.open(tenant, kind, id, after);
    return { id, after, isOver, tenant, following: { ...following, ...limits } };
  }

  router.get(`/v1/${kind.path}/:id/events`, async (request, response) => {
    const { id, after, isOver, tenant, following } = await asked(request, response);
    if (isOver) {
      // Nothing will ever follow, and this status keeps a browser from reconnecting. Source: WHATWG HTML §9.2.3.
      response.status(204).end();
      return;
    }
    const leave = await connections.enter(tenant);
    if (response.destroyed) {
      leave();
      return;
    }
    response.once('close', leave);
    sendEvents(following, response, id, after);
  });

  router.get(`/v1/${kind.path}/:id/ws`, async (request, response) => {
    const { id, after, isOver, tenant, following } = await asked(request, response);
    const upgrade = upgradeOf(request);
    if (upgrade === undefined) {
      response.set({ Upgrade: 'websocket', Connection: 'Upgrade' });
      throw new ParleyError('UPGRADE_REQUIRED', 'This is for WebSockets. Take /events for server-sent events.');
    }
    if (isFromElsewhere(request, deps.origins)) {
      throw new ParleyError('FORBIDDEN', 'The page of this origin may not open a WebSocket; see PARLEY_CORS_ORIGINS.');
    }
    const onClose = await connections.enter(tenant);
    await webSockets.open(following, request, upgrade, { id, kind: kind.name, after, isOver, onClose });
  });

  for (const form of ['events', 'ws']) router.all(`/v1/${kind.path}/:id/${form}`, onlyMethods('GET'));
  return router;
}
