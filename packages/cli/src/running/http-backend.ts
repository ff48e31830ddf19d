import type { ToolBackend } from '@parley/gateway/protocols/mcp/backend.ts';
import type { Parley } from '@parley/sdk';

const methods = { get: 'GET', post: 'POST', delete: 'DELETE' } as const;

/** A gateway that tools ask over HTTP, by the method and the path of each route. */
export const httpBackend = (parley: Pick<Parley, 'request' | 'streams'>): ToolBackend => ({
  call({ method, path, body: declared }, { params, query, body }) {
    const at = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(params[name])));
    return parley.request(methods[method], at, { query, body: declared && body });
  },
  async *follow(kind, id, signal) {
    for await (const one of parley.streams.follow(kind, id, { signal })) {
      yield one.type === 'delta' ? { kind: 'delta', delta: one.data } : { kind: 'event', event: one };
    }
  },
});
