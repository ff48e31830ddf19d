import type { DebateSummary } from '@parley/contracts';
import { faultOf, type Logger, logFault, onlyMethods } from '@parley/runtime';
import { type RequestHandler, Router } from 'express';
import type { Debates } from '../../features/debates/debates.ts';
import type { Replays } from '../../features/replays/replays.ts';
import type { ReadStanding } from '../../operating/slo-sources.ts';
import { type RequestContext, requestContextOf } from '../../streams/request-context.ts';
import type { McpBackend } from './backend.ts';

export interface McpDeps {
  readonly debates: Debates;
  readonly replays: Replays;
  readonly readStanding: ReadStanding;
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
    createMcpHandler(({ authInfo }) => createMcpServer(backendOf(deps, authInfo?.extra?.context as RequestContext))),
    { onerror: (err) => deps.logger.warn({ err }, 'An MCP request failed.') },
  );
  return async (request, response) => {
    const context = requestContextOf(request, response);
    const auth = { token: '', clientId: context.tenant, scopes: [], extra: { context } };
    await handler(Object.assign(request, { auth }), response, request.body);
  };
}

function backendOf({ debates, replays, readStanding, logger }: McpDeps, context: RequestContext): McpBackend {
  const { tenant } = context;
  return {
    start: async (body) => (await debates.start(context, body)).response as DebateSummary,
    get: (id) => debates.view(tenant, id),
    list: (query) => debates.page(tenant, query),
    async *follow(id, signal) {
      for await (const one of debates.follow(tenant, id, 0, signal)) {
        yield one.kind === 'event' ? one.event : { type: 'delta' as const, data: one.delta };
      }
    },
    startReplay: async (debate, rules) => (await replays.start(context, debate, rules)).response as { id: string },
    finishedReplay: (debate, replay, signal) => replays.finished(tenant, debate, replay, signal),
    slos: readStanding,
    explain(thrown) {
      const fault = faultOf(thrown, context.traceparent);
      logFault(logger, fault, thrown);
      return `${fault.problem.code}: ${fault.problem.detail}`;
    },
  };
}
