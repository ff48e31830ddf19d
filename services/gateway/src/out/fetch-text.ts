import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { messageOf } from '@parley/contracts';
import { BodyBeyondBound, readBytes } from '@parley/contracts/bounded-body.ts';
import { type AllowedOriginOptions, createAddressCheck } from './allowed-origin.ts';
import { decodeText } from './decode-text.ts';
import { NotPublic } from './public-address.ts';

export type FetchedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };
export type FetchText = (url: string) => Promise<FetchedText>;

export interface FetchTextOptions extends AllowedOriginOptions {
  readonly timeoutMs?: number;
}

const limits = { timeoutMs: 5_000 } as const;
/** Most bytes of each type that is taken. Most of a page is markup. */
const mostBytes: ReadonlyMap<string, number> = new Map([
  ['text/plain', 256 * 1024],
  ['text/markdown', 256 * 1024],
  ['application/json', 256 * 1024],
  ['text/html', 1024 * 1024],
]);
/** Gets a text from one of the allowed origins, once, without following redirects. */
export function createFetchText(options: FetchTextOptions): FetchText {
  const check = createAddressCheck(options);
  const timeoutMs = options.timeoutMs ?? limits.timeoutMs;
  return async (address) => {
    const allowed = check(address);
    if (!allowed.ok) return refuse(`${allowed.reason}, or give the text`);
    // The parser of pages is read when the first text is asked for.
    const { pageText } = await import('./page-text.ts');
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await request(allowed.url, signal, allowed.lookup);
      try {
        return await read(response, timeoutMs, pageText);
      } finally {
        response.destroy();
      }
    } catch (thrown) {
      if (signal.aborted || thrown instanceof BodyBeyondBound) {
        return refuse(`did not answer within ${timeoutMs / 1000} s; give the text itself`);
      }
      const why = thrown instanceof NotPublic ? messageOf(thrown) : 'it cannot be reached';
      return refuse(`cannot be fetched: ${why}; give the text itself`);
    }
  };
}

const refuse = (reason: string): FetchedText => ({ ok: false, reason });

function request(url: URL, signal: AbortSignal, lookup: LookupFunction | undefined): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  const headers = { accept: [...mostBytes.keys()].join(', '), 'accept-encoding': 'identity', 'user-agent': 'parley' };
  return new Promise((resolve, reject) => {
    get(url, { headers, signal, agent: false, ...(lookup === undefined ? {} : { lookup }) }, resolve).on(
      'error',
      reject,
    );
  });
}

async function read(
  response: IncomingMessage,
  timeoutMs: number,
  pageText: (html: string) => string | undefined,
): Promise<FetchedText> {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400) {
    return refuse(`answers with a redirect to ${headers.location ?? 'nowhere'}; give the address where it ends`);
  }
  if (statusCode !== 200) return refuse(`answers with status ${statusCode}; give another address or the text`);
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const most = mostBytes.get(type.trim());
  if (most === undefined) {
    return refuse(`is ${type.trim() || 'of no type'}, not ${[...mostBytes.keys()].join(', ')}; give its text instead`);
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    return refuse(`comes compressed as ${headers['content-encoding']}; give the text itself`);
  }
  let body: Buffer;
  try {
    const whole = Readable.toWeb(response) as ReadableStream<Uint8Array>;
    const bytes = await readBytes(whole, { bytes: most, ms: timeoutMs });
    body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (thrown) {
    if (!(thrown instanceof BodyBeyondBound) || thrown.bound === 'ms') throw thrown;
    return refuse(`is larger than ${most / 1024} kB; give the part that matters`);
  }
  const isPage = type.trim() === 'text/html';
  const named = parameters.map((one) => /^\s*charset="?([\w-]+)"?\s*$/.exec(one)?.[1]).find(Boolean);
  const decoded = decodeText(body, named, isPage);
  if (!decoded.ok) return refuse(`${decoded.reason}; give the text itself`);
  const shown = isPage ? pageText(decoded.text) : decoded.text;
  return shown === undefined
    ? refuse('nests its elements too deeply; give its text instead')
    : { ok: true, text: shown };
}
