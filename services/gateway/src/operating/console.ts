import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { siteFolder } from '@parley/console';
import { ParleyError } from '@parley/contracts';
import { onlyMethods } from '@parley/runtime';
import { type Response, Router } from 'express';

const assets = new URL('console/', siteFolder);

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** Fonts are compressed as they are. */
const isCompressed = new Set(['.woff2']);
const compress = promisify(gzip);

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer | undefined;
}

async function read(file: URL, change: (text: string) => string = (text) => text): Promise<Asset> {
  const kind = extname(file.pathname);
  const bytes = await readFile(file);
  const plain = kind === '.html' ? Buffer.from(change(bytes.toString())) : bytes;
  const gzipped = isCompressed.has(kind) ? undefined : await compress(plain, { level: 9 });
  return { type: types[kind] ?? 'application/octet-stream', plain, gzipped };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/**
 * The web console. Its page asks again every time, what the page names has a hash in its name and is kept for ever.
 * Files are read and compressed at the first request, so that they cost a start nothing.
 */
export function consoleRoutes(traceUrl = ''): Router {
  const router = Router();
  const told = (page: string) =>
    page.replace('name="parley-trace-url" content=""', () => `name="parley-trace-url" content="${escaped(traceUrl)}"`);
  const load = async () => {
    const names = await readdir(assets);
    const entries = names.map(async (name) => [name, await read(new URL(name, assets))] as const);
    return {
      page: await read(new URL('index.html', siteFolder), told),
      icon: await read(new URL('favicon.svg', siteFolder)),
      assets: new Map(await Promise.all(entries)),
    };
  };
  let loading: ReturnType<typeof load> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };

  const send = (response: Response, { type, plain, gzipped }: Asset, cache: string): void => {
    response.set({ 'Content-Type': type, 'Cache-Control': cache, Vary: 'Accept-Encoding' });
    if (gzipped === undefined || !response.req.acceptsEncodings('gzip')) response.send(plain);
    else response.set('Content-Encoding', 'gzip').send(gzipped);
  };

  for (const path of ['/', '/console']) {
    router.get(path, async (_request, response) => {
      send(response, (await loaded()).page, 'no-cache');
    });
  }
  router.get('/favicon.svg', async (_request, response) => {
    send(response, (await loaded()).icon, 'public, max-age=86400');
  });
  router.get('/console/:file', async (request, response) => {
    const asset = (await loaded()).assets.get(request.params.file);
    if (asset === undefined) throw new ParleyError('NOT_FOUND', `There is no ${request.path}. Load the page again.`);
    send(response, asset, 'public, max-age=31536000, immutable');
  });
  for (const path of ['/', '/console', '/favicon.svg', '/console/:file']) router.all(path, onlyMethods('GET'));
  return router;
}
