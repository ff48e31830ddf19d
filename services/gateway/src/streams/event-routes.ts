import { ParleyError, type StreamKind } from '@parley/contracts';
import { sequenceQuery, streamQuery } from '@parley/contracts/http';
import { parse } from '@parley/runtime/problem.ts';
import { upgradeOf } from '@parley/runtime/upgrade.ts';
import type { Request } from 'express';
import { z } from 'zod';
import { isFromElsewhere } from '../access/origin.ts';
import { faults, problem, unknown } from '../api/openapi-answers.ts';
import { type Call, type Route, streamingRoute } from '../api/route.ts';
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

const headers = z.object({ 'Last-Event-ID': z.string().optional() });
const resumeHeader = z.object({ 'Last-Event-ID': sequenceQuery });
type Asked = Call<{ readonly id: string }, z.infer<typeof streamQuery>, unknown>;

/** Streams of one kind as they happen, by server-sent events and by WebSocket: the same events under the same numbers. */
export function eventRoutes(deps: EventRoutesDeps, kind: StreamKind): Route[] {
  const { streams, connections, webSockets, heartbeatMs, patienceMs } = deps;
  const Name = `${kind.name.charAt(0).toUpperCase()}${kind.name.slice(1)}`;
  // Streams are known by the id as it was given out: in lower case.
  const params = z.strictObject({ id: z.uuid(`a ${kind.name} id is a UUID`).toLowerCase() });
  const limits = {
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(patienceMs === undefined ? {} : { patienceMs }),
  };

  // The guard has seen to the ticket.
  async function opened({ params: { id }, query, context: { tenant } }: Asked, request: Request) {
    const header = request.get('Last-Event-ID');
    // A reconnecting browser keeps the query of its first request: the header is newer.
    const resumed = header ? parse(resumeHeader, { 'Last-Event-ID': header }, 'header')['Last-Event-ID'] : undefined;
    const after = resumed ?? query.after ?? 0;
    const { isOver, following } = await streams.open(tenant, kind, id, after);
    return { id, after, isOver, tenant, following: { ...following, ...limits } };
  }

  return [
    streamingRoute({
      method: 'get',
      path: `/v1/${kind.path}/{id}/events`,
      id: `follow${Name}`,
      summary: 'Server-sent events: durable ones with `id` 1..n without gaps, deltas without; ends after the last.',
      needs: 'read',
      params,
      query: streamQuery,
      headers,
      responses: {
        200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
        204: { description: `The ${kind.name} is over and its last event is known to the client.` },
        ...unknown(kind.name),
        ...faults,
      },
      async stream(call, request, response) {
        const { id, after, isOver, tenant, following } = await opened(call, request);
        // Nothing will ever follow, and this status keeps a browser from reconnecting. Source: WHATWG HTML §9.2.3.
        if (isOver) return { status: 204 };
        const leave = await connections.enter(tenant);
        if (response.destroyed) leave();
        else {
          response.once('close', leave);
          sendEvents(following, response, id, after);
        }
        return undefined;
      },
    }),
    streamingRoute({
      method: 'get',
      path: `/v1/${kind.path}/{id}/ws`,
      id: `open${Name}Socket`,
      summary:
        'The same events as JSON messages of a WebSocket: durable ones with `seq`, deltas as `{type: "delta", data}`.',
      needs: 'read',
      params,
      query: streamQuery,
      headers,
      responses: {
        101: { description: 'Closed with 1000 after the last event, 4008 for a client that takes nothing.' },
        ...unknown(kind.name),
        426: problem('The request asks for no WebSocket.'),
        ...faults,
      },
      async stream(call, request, response) {
        const { id, after, isOver, tenant, following } = await opened(call, request);
        const upgrade = upgradeOf(request);
        if (upgrade === undefined) {
          response.set({ Upgrade: 'websocket', Connection: 'Upgrade' });
          throw new ParleyError('UPGRADE_REQUIRED', 'This is for WebSockets. Take /events for server-sent events.');
        }
        if (isFromElsewhere(request, deps.origins)) {
          const message = 'The page of this origin may not open a WebSocket; see PARLEY_CORS_ORIGINS.';
          throw new ParleyError('FORBIDDEN', message);
        }
        const onClose = await connections.enter(tenant);
        await webSockets.open(following, request, upgrade, { id, kind: kind.name, after, isOver, onClose });
        return undefined;
      },
    }),
  ];
}
