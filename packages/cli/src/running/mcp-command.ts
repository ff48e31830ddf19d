import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { messageOf } from '@parley/contracts';
import { features } from '@parley/gateway/features/features.ts';
import { routeTools } from '@parley/gateway/protocols/mcp/route-tools.ts';
import { createMcpServer } from '@parley/gateway/protocols/mcp/server.ts';
import { type RouteParts, routesOf } from '@parley/gateway/routes.ts';
import { openClient } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { httpBackend } from './http-backend.ts';

/** `parley mcp`: the tools of a running gateway for a program that starts this one and talks over its pipes. */
export async function mcpCommand({ env }: Call): Promise<number> {
  // Routes say what they are without what they work on: their handlers are the gateway's to call.
  const toolsOn = routeTools(routesOf({} as RouteParts), features);
  const tools = toolsOn(httpBackend(openClient(env, {})));
  serveStdio(() => createMcpServer({ tools, explain: messageOf }));
  return exitCodes.ok.code;
}
