import { afterEach } from '@jest/globals';
import { type Express, Router } from 'express';
import { Registry } from 'prom-client';
import { createWeb, type Listening, listen, silentLogger, type WebOptions } from '../src/index.ts';

const open: Listening[] = [];

/** Call at the top of a test file: every server that a test opened is closed after it. */
export function closeServers(): void {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close(0)));
  });
}

export async function listening(web: Express): Promise<Listening & { url: string }> {
  const server = await listen(web, 0, '127.0.0.1');
  open.push(server);
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
