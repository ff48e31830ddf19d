import { messageOf } from '@parley/contracts';
import { Router } from 'express';

/** One thing that must work before this process takes requests. A throw means it does not; the text says how it is. */
export type ReadyCheck = () => Promise<string>;

/** `/livez` is about this process only; `/readyz` about everything it needs, line by line with `?verbose`. */
export function healthRoutes(checks: Readonly<Record<string, ReadyCheck>>, alive: ReadyCheck): Router {
  const router = Router();
  router.get('/livez', async (_request, response) => {
    const { isReady, detail } = await tried('alive', alive);
    response
      .status(isReady ? 200 : 503)
      .type('text/plain')
      .send(`${detail}\n`);
  });
  router.get('/readyz', async (request, response) => {
    const found = await Promise.all(Object.entries(checks).map(([name, check]) => tried(name, check)));
    const isReady = found.every((one) => one.isReady);
    const verdict = isReady ? 'ready\n' : 'not ready\n';
    const lines = found.map((one) => `[${one.isReady ? '+' : '-'}] ${one.name}: ${one.detail}\n`);
    response.status(isReady ? 200 : 503).type('text/plain');
    response.send('verbose' in request.query ? `${lines.join('')}${verdict}` : verdict);
  });
  return router;
}

async function tried(name: string, check: ReadyCheck): Promise<{ name: string; isReady: boolean; detail: string }> {
  try {
    return { name, isReady: true, detail: await check() };
  } catch (thrown) {
    return { name, isReady: false, detail: messageOf(thrown) };
  }
}
