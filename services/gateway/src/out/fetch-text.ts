import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { messageOf } from '@parley/contracts';
import { NotPublic, publicLookup } from './public-address.ts';

export type FetchedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };
export type FetchText = (url: string) => Promise<FetchedText>;

export interface FetchTextOptions {
  /** Origins that may be asked, such as https://example.org. */
  readonly origins: readonly string[];
  readonly timeoutMs?: number;
  /** How names are resolved; it is what keeps requests off private addresses. */
  readonly lookup?: LookupFunction;
}

const limits = { bytes: 256 * 1024, timeoutMs: 5_000 } as const;
const textual = new Set(['text/plain', 'text/markdown', 'application/json']);

/**
 * Gets a text from one of the allowed origins, once, without following redirects. Whoever starts a debate names the
 * address, so this is where a request forgery would happen: names must resolve to public addresses; only an origin
 * that is allowed as an address or as localhost itself may be inside.
 */
export function createFetchText(options: FetchTextOptions): FetchText {
  const origins = new Set(options.origins);
  const timeoutMs = options.timeoutMs ?? limits.timeoutMs;
  const lookup = options.lookup ?? publicLookup();
  return async (address) => {
    const url = new URL(address);
    if (url.username !== '' || url.password !== '') return refuse('has a password in it; leave it out');
    if (!isSafe(url)) return refuse('is neither https nor http on this machine; give an https address');
    if (!origins.has(url.origin)) {
      return refuse(`is at ${url.origin}, which PARLEY_EVIDENCE_ORIGINS does not list; add it there or give the text`);
    }
    const isNamedInside = url.hostname === 'localhost' || isIP(bare(url.hostname)) !== 0;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await request(url, signal, isNamedInside ? undefined : lookup);
      try {
        return await read(response, signal);
      } finally {
        response.destroy();
      }
    } catch (thrown) {
      if (signal.aborted) {
        return refuse(`did not answer within ${timeoutMs / 1000} s; give the text itself`);
      }
      const why = thrown instanceof NotPublic ? messageOf(thrown) : 'it cannot be reached';
      return refuse(`cannot be fetched: ${why}; give the text itself`);
    }
  };
}

/** https anywhere, http only where nobody is in between. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

const refuse = (reason: string): FetchedText => ({ ok: false, reason });
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function request(url: URL, signal: AbortSignal, lookup: LookupFunction | undefined): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  const headers = { accept: [...textual].join(', '), 'accept-encoding': 'identity', 'user-agent': 'parley' };
  return new Promise((resolve, reject) => {
    get(url, { headers, signal, agent: false, ...(lookup === undefined ? {} : { lookup }) }, resolve).on(
      'error',
      reject,
    );
  });
}

async function read(response: IncomingMessage, signal: AbortSignal): Promise<FetchedText> {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400) {
    return refuse(`answers with a redirect to ${headers.location ?? 'nowhere'}; give the address where it ends`);
  }
  if (statusCode !== 200) return refuse(`answers with status ${statusCode}; give another address or the text`);
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (!textual.has(type.trim())) {
    return refuse(`is ${type.trim() || 'of no type'}, not ${[...textual].join(', ')}; give its text instead`);
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    return refuse(`comes compressed as ${headers['content-encoding']}; give the text itself`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    signal.throwIfAborted();
    bytes += (chunk as Buffer).length;
    if (bytes > limits.bytes) return refuse(`is larger than ${limits.bytes / 1024} kB; give the part that matters`);
    chunks.push(chunk as Buffer);
  }
  const charset = parameters.map((one) => /^\s*charset="?([\w-]+)"?\s*$/.exec(one)?.[1]).find(Boolean) ?? 'utf-8';
  try {
    return { ok: true, text: new TextDecoder(charset).decode(Buffer.concat(chunks)) };
  } catch {
    return refuse(`is written in ${charset}, which is unknown here; give the text itself`);
  }
}
