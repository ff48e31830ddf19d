import { faultOf, type Logger, logFault, onlyMethods } from '@parley/runtime';
import { type RequestHandler, Router } from 'express';
import { type RequestContext, requestContextOf } from '../../api/request-context.ts';
import type { Route } from '../../api/route.ts';
import type { AgentPort } from '../../streams/agent-port.ts';
import type { AnyFeature } from '../../streams/feature.ts';
import type { Streams } from '../../streams/streams.ts';
import { agentTools } from './agent-tools.ts';
import type { ToolBackend } from './backend.ts';
import { routeTools } from './route-tools.ts';

export interface McpDeps {
  readonly routes: readonly Route[];
  readonly features: readonly AnyFeature[];
  readonly streams: Streams;
  readonly agents: readonly AgentPort[];
  readonly logger: Logger;
}

/** The Model Context Protocol over streamable HTTP, without sessions: any replica takes any request. */
export function mcpRoutes(deps: McpDeps): Router {
  // A route that can be no tool is found at the start.
  const toolsOn = routeTools(deps.routes, deps.features);
  let loaded: Promise<RequestHandler> | undefined;
  const router = Router();
  router.post('/mcp', async (request, response, next) => {
    loaded ??= load(deps, toolsOn);
    await (await loaded)(request, response, next);
  });
  router.all('/mcp', onlyMethods('POST'));
  return router;
}

/** The protocol's library is read when the first client comes. */
async function load(deps: McpDeps, toolsOn: ReturnType<typeof routeTools>): Promise<RequestHandler> {
  const [{ createMcpHandler }, { toNodeHandler }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('@modelcontextprotocol/node'),
    import('./server.ts'),
  ]);
  const handler = toNodeHandler(
    createMcpHandler(({ authInfo }) => {
      const context = authInfo?.extra?.context as RequestContext;
      const tools = [...toolsOn(backendOf(deps.streams, context)), ...agentTools(deps.agents, context)];
      return createMcpServer({ tools, explain: explain(deps.logger, context) });
    }),
    { onerror: (err) => deps.logger.warn({ err }, 'An MCP request failed.') },
  );
  return async (request, response) => {
    const context = requestContextOf(request, response);
    const auth = { token: '', clientId: context.tenant, scopes: [], extra: { context } };
    await handler(Object.assign(request, { auth }), response, request.body);
  };
}

/** The gateway itself, as one caller asks it. */
const backendOf = (streams: Streams, context: RequestContext): ToolBackend => ({
  call: async (route, asked) => (await route.handle({ ...asked, context })).body as Record<string, unknown>,
  follow: (kind, id, signal) => streams.follow(context.tenant, kind, id, 0, signal),
});

/** The fault as the caller may see it; the log gets all of it. */
const explain =
  (logger: Logger, { traceparent }: RequestContext) =>
  (thrown: unknown): string => {
    const fault = faultOf(thrown, traceparent);
    logFault(logger, fault, thrown);
    return `${fault.problem.code}: ${fault.problem.detail}`;
  };
