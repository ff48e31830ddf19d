import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { messageOf } from '@parley/contracts';
import type { CheckAddress } from './allowed-origin.ts';

export type Posted = { readonly ok: true } | { readonly ok: false; readonly reason: string };
/** Never rejects. */
export type PostJson = (
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Posted>;

const timeoutMs = 10_000;

/** Sends JSON to an address that may be asked. A 2xx acknowledges it; redirects are not followed, bodies not read. */
export function createPostJson(check: CheckAddress): PostJson {
  return async (address, body, headers, leaving) => {
    const allowed = check(address);
    if (!allowed.ok) return { ok: false, reason: `${address} ${allowed.reason}` };
    const { url, lookup } = allowed;
    const post = url.protocol === 'https:' ? requestHttps : requestHttp;
    const signal = AbortSignal.any([leaving, AbortSignal.timeout(timeoutMs)]);
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'parley' },
      signal,
      agent: false,
      ...(lookup === undefined ? {} : { lookup }),
    } as const;
    return new Promise((resolve) => {
      const failed = (thrown: unknown) => resolve({ ok: false, reason: `${url.origin}: ${messageOf(thrown)}` });
      post(url, options, (response) => {
        const { statusCode = 0 } = response;
        response.destroy();
        const isTaken = statusCode >= 200 && statusCode < 300;
        resolve(isTaken ? { ok: true } : { ok: false, reason: `${url.origin} answers with status ${statusCode}` });
      })
        .on('error', failed)
        .end(body);
    });
  };
}
