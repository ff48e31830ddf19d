import { faultOf, type Logger, logFault, onlyMethods } from '@parley/runtime';
import { type RequestHandler, Router } from 'express';
import type { AgentPort } from '../../streams/agent-port.ts';
import { type RequestContext, requestContextOf } from '../../streams/request-context.ts';
import { agentTools } from './agent-tools.ts';
import { toolsOf } from './backend.ts';
import { type GatewayBackendDeps, gatewayBackend } from './gateway-backend.ts';

export interface McpDeps extends GatewayBackendDeps {
  readonly agents: readonly AgentPort[];
  readonly logger: Logger;
}

/** The Model Context Protocol over streamable HTTP, without sessions: any replica takes any request. */
export function mcpRoutes(deps: McpDeps): Router {
  let loaded: Promise<RequestHandler> | undefined;
  const router = Router();
  router.post('/mcp', async (request, response, next) => {
    loaded ??= load(deps);
    await (await loaded)(request, response, next);
  });
  router.all('/mcp', onlyMethods('POST'));
  return router;
}

/** The protocol's library is read when the first client comes. */
async function load(deps: McpDeps): Promise<RequestHandler> {
  const [{ createMcpHandler }, { toNodeHandler }, { createMcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server'),
    import('@modelcontextprotocol/node'),
    import('./server.ts'),
  ]);
  const handler = toNodeHandler(
    createMcpHandler(({ authInfo }) => {
      const context = authInfo?.extra?.context as RequestContext;
      const tools = [...toolsOf(gatewayBackend(deps, context)), ...agentTools(deps.agents, context)];
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

/** The fault as the caller may see it; the log gets all of it. */
const explain =
  (logger: Logger, { traceparent }: RequestContext) =>
  (thrown: unknown): string => {
    const fault = faultOf(thrown, traceparent);
    logFault(logger, fault, thrown);
    return `${fault.problem.code}: ${fault.problem.detail}`;
  };
