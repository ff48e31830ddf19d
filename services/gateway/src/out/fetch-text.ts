import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { messageOf } from '@parley/contracts';
import { type AllowedOriginOptions, createAddressCheck } from './allowed-origin.ts';
import { NotPublic } from './public-address.ts';

export type FetchedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };
export type FetchText = (url: string) => Promise<FetchedText>;

export interface FetchTextOptions extends AllowedOriginOptions {
  readonly timeoutMs?: number;
}

const limits = { bytes: 256 * 1024, timeoutMs: 5_000 } as const;
const textual = new Set(['text/plain', 'text/markdown', 'application/json']);

/** Gets a text from one of the allowed origins, once, without following redirects. */
export function createFetchText(options: FetchTextOptions): FetchText {
  const check = createAddressCheck(options);
  const timeoutMs = options.timeoutMs ?? limits.timeoutMs;
  return async (address) => {
    const allowed = check(address);
    if (!allowed.ok) return refuse(`${allowed.reason}, or give the text`);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await request(allowed.url, signal, allowed.lookup);
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

const refuse = (reason: string): FetchedText => ({ ok: false, reason });

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
