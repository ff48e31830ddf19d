import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { messageOf } from '@parley/contracts';
import { type McpBackend, toolsOf } from '@parley/gateway/protocols/mcp/backend.ts';
import { createMcpServer } from '@parley/gateway/protocols/mcp/server.ts';
import { openClient } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';

/** `parley mcp`: the tools of a running gateway for a program that starts this one and talks over its pipes. */
export async function mcpCommand({ env }: Call): Promise<number> {
  const { debates, replays, slos } = openClient(env, {});
  const backend: McpBackend = {
    start: debates.start,
    get: debates.get,
    list: debates.list,
    follow: (id, signal) => debates.follow(id, { signal }),
    startReplay: replays.start,
    finishedReplay: (debate, replay, signal) => replays.finished(debate, replay, { signal }),
    slos,
  };
  serveStdio(() => createMcpServer({ tools: toolsOf(backend), explain: messageOf }));
  return exitCodes.ok.code;
}
