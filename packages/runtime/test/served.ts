import { useScope } from '@parley/testkit/scope.ts';
import { type Express, Router } from 'express';
import { Registry } from 'prom-client';
import { createWeb, type Listening, listen, silentLogger, type WebOptions } from '../src/index.ts';

const scope = useScope();

/** A server that is closed after the test that opened it. */
export async function listening(web: Express): Promise<Listening & { url: string }> {
  const server = await listen(web, 0, '127.0.0.1');
  scope.own('a server', () => server.close(0));
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

/** A served app with the routes that a test adds. */
export async function served(addRoutes: (router: Router) => void, options: Partial<WebOptions> = {}) {
  const router = Router();
  addRoutes(router);
  const registry = options.registry ?? new Registry();
  const web = createWeb({ routers: [router], registry, logger: silentLogger, ready: {}, ...options });
  return { registry, ...(await listening(web)) };
}
