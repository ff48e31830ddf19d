import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** The part of fetch that the adapters use; the global one fits. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** Longest wait for TCP (and TLS) to stand. */
export const connectTimeoutMs = 3_000;

/** Why a request with `createHttpFetch` failed when no connection stood in time. */
export class ConnectTimeout extends Error {
  readonly afterMs: number;

  constructor(afterMs: number) {
    super(`no connection within ${afterMs} ms`);
    this.name = 'ConnectTimeout';
    this.afterMs = afterMs;
  }
}

/**
 * fetch with a connect timeout of its own and without one for the headers: Ollama sends them with the first token, and
 * the global fetch gives up after 300 s while a large model is still loading. Does not follow redirects.
 */
export function createHttpFetch(options: { readonly connectTimeoutMs?: number } = {}): Fetch {
  const limitMs = options.connectTimeoutMs ?? connectTimeoutMs;
  return (url, init) =>
    new Promise((resolve, reject) => {
      const target = new URL(url);
      const open = target.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = open(target, { method: init.method, headers: init.headers, signal: init.signal });
      const timer = setTimeout(() => request.destroy(new ConnectTimeout(limitMs)), limitMs);
      const stop = () => clearTimeout(timer);
      onConnected(request, target.protocol === 'https:' ? 'secureConnect' : 'connect', stop);
      request.once('error', (error) => {
        stop();
        reject(error);
      });
      request.once('response', (incoming) => {
        stop();
        try {
          const status = incoming.statusCode ?? 0;
          const isEmpty = status === 204 || status === 304;
          const body = isEmpty ? null : (Readable.toWeb(plain(incoming)) as unknown as ReadableStream<Uint8Array>);
          resolve(new Response(body, { status, headers: flat(incoming.headers) }));
        } catch (error) {
          incoming.destroy();
          reject(error);
        }
      });
      request.end(init.body);
    });
}

/** Nobody asks for a compressed answer, and some proxies compress all the same. Bounds count what comes out. */
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function plain(incoming: IncomingMessage): Readable {
  const decoder = decoders[incoming.headers['content-encoding']?.trim().toLowerCase() ?? ''];
  if (decoder === undefined) return incoming;
  const decoded = decoder();
  // A failure on either side ends the other, and reaches the reader.
  pipeline(incoming, decoded, () => undefined);
  return decoded;
}

function onConnected(request: ClientRequest, event: 'connect' | 'secureConnect', done: () => void): void {
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once(event, done);
    else done();
  });
}

function flat(headers: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
}
