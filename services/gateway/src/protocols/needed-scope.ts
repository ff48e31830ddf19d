import type { Scope } from '@parley/contracts/http';
import type { Request } from 'express';
import { readingTools } from './mcp/backend.ts';

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
 */
export function neededScope({ method, path, body }: Pick<Request, 'method' | 'path' | 'body'>): Scope {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return 'read';
  if (path === '/mcp') return readsByMcp(body) ? 'read' : 'write';
  if (/^\/a2a(\/[^/]+)?$/.test(path)) return readingMethods.has(String(body?.method)) ? 'read' : 'write';
  return path.startsWith('/a2a/') && readingPath.test(path) ? 'read' : 'write';
}

/** Everything but a call of a tool that changes something, such as the list of tools. */
function readsByMcp(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const { method, params } = body as { readonly method?: unknown; readonly params?: { readonly name?: unknown } };
  return method !== 'tools/call' || readingTools().has(String(params?.name));
}
