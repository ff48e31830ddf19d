import type { Scope } from '@parley/contracts/http';
import type { Request } from 'express';
import type { Route } from '../api/route.ts';

/** Methods of A2A that change nothing. Source: A2A 1.0 §9.4 (JSON-RPC methods). */
const readingMethods: ReadonlySet<string> = new Set([
  'GetTask',
  'ListTasks',
  'SubscribeToTask',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
  'GetExtendedAgentCard',
]);
/** Paths of A2A's HTTP+JSON binding that read although they may be asked by POST. Source: A2A 1.0 §11.3. */
const readingPath = /\/tasks\/[^/]+:subscribe$/;

/**
 * Scope that an operation of a protocol needs, the same by whatever binding it is asked for: HTTP's method does not say,
 * because JSON-RPC asks everything by POST. What is not known to read needs `write`.
 * @param routes of which some are tools, which need what the route needs
 */
export function createNeededScope(routes: readonly Route[]) {
  const tools = new Map<string, Scope>();
  for (const route of routes) if ('tool' in route && route.tool !== undefined) tools.set(route.tool.name, route.needs);

  /** Everything but the call of a tool only reads, such as the list of tools. */
  function neededByMcp(body: unknown): Scope {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'write';
    const { method, params } = body as { readonly method?: unknown; readonly params?: { readonly name?: unknown } };
    return method === 'tools/call' ? (tools.get(String(params?.name)) ?? 'write') : 'read';
  }

  return ({ method, path, body }: Pick<Request, 'method' | 'path' | 'body'>): Scope => {
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return 'read';
    if (path === '/mcp') return neededByMcp(body);
    if (/^\/a2a(\/[^/]+)?$/.test(path)) return readingMethods.has(String(body?.method)) ? 'read' : 'write';
    return path.startsWith('/a2a/') && readingPath.test(path) ? 'read' : 'write';
  };
}
