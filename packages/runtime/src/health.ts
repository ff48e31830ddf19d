import { messageOf } from '@parley/contracts';
import { Router } from 'express';

/** What somebody should look at, although requests are taken. */
export interface Warning {
  readonly warning: string;
}

/** One thing that must work before this process takes requests. A throw means it does not; the text says how it is. */
export type ReadyCheck = () => Promise<string | Warning>;

/** `[+] name: how it is`; `-` is what keeps it from being ready, `!` is a warning. */
type Mark = '+' | '-' | '!';

/** `/livez` is about this process only; `/readyz` about everything it needs, line by line with `?verbose`. */
export function healthRoutes(checks: Readonly<Record<string, ReadyCheck>>, alive: ReadyCheck): Router {
  const router = Router();
  router.get('/livez', async (_request, response) => {
    const { mark, detail } = await tried('alive', alive);
    response
      .status(mark === '-' ? 503 : 200)
      .type('text/plain')
      .send(`${detail}\n`);
  });
  router.get('/readyz', async (request, response) => {
    const found = await Promise.all(Object.entries(checks).map(([name, check]) => tried(name, check)));
    const isReady = found.every(({ mark }) => mark !== '-');
    const verdict = isReady ? 'ready\n' : 'not ready\n';
    const lines = found.map(({ mark, name, detail }) => `[${mark}] ${name}: ${detail}\n`);
    response.status(isReady ? 200 : 503).type('text/plain');
    response.send('verbose' in request.query ? `${lines.join('')}${verdict}` : verdict);
  });
  return router;
}

async function tried(name: string, check: ReadyCheck): Promise<{ name: string; mark: Mark; detail: string }> {
  try {
    const found = await check();
    return typeof found === 'string' ? { name, mark: '+', detail: found } : { name, mark: '!', detail: found.warning };
  } catch (thrown) {
    return { name, mark: '-', detail: messageOf(thrown) };
  }
}
