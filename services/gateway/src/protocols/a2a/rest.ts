import { BadRequest } from '@parley/runtime';
import type { Request, RequestHandler, Response } from 'express';
import { requestContextOf } from '../../api/request-context.ts';
import type { AgentPort } from '../../streams/agent-port.ts';
import { defaultHeartbeatMs, heartbeat, leavingOf } from '../../streams/text-stream.ts';
import type { A2aRoutesDeps } from './handler.ts';
import type { A2aUser } from './user.ts';

/** The protocol's HTTP+JSON binding. Source: A2A 1.0 §11. */
export async function loadRest(deps: A2aRoutesDeps, agent: AgentPort): Promise<RequestHandler> {
  const [{ restHandler }, { createA2aHandler }, { cardOf }, { isReadable }] = await Promise.all([
    import('@a2a-js/sdk/server/express'),
    import('./handler.ts'),
    import('./cards.ts'),
    import('./message.ts'),
  ]);
  const card = cardOf(agent, deps.agents, '', { isGuarded: false, hasPush: deps.push !== undefined });
  const handle = restHandler({
    requestHandler: createA2aHandler(deps, agent, card),
    userBuilder: async (request) => userOf(request as Request),
  });
  return (request, response, next) => {
    if (request.path.includes('/message:') && !isReadable(request.body ?? {})) {
      const message = 'has a field of another type than the protocol has';
      throw new BadRequest('body', [{ field: 'message', message }]);
    }
    beat(response, deps.heartbeatMs ?? defaultHeartbeatMs);
    handle(request, response, next);
  };
}

function userOf(request: Request): A2aUser {
  const response = request.res as Response;
  const requestContext = requestContextOf(request, response);
  return { isAuthenticated: true, userName: requestContext.tenant, requestContext, left: leavingOf(response) };
}

/** The library's streams show no sign of life. */
function beat(response: Response, everyMs: number): void {
  const timer = setInterval(() => {
    const isStream = String(response.getHeader('Content-Type')).startsWith('text/event-stream');
    if (response.headersSent && isStream && !response.writableEnded) response.write(heartbeat);
  }, everyMs).unref();
  response.once('close', () => clearInterval(timer));
}
