import { isIP, type LookupFunction } from 'node:net';
import { publicLookup } from './public-address.ts';

/** An address that a request may go to; `lookup` must resolve its name, undefined for an address of this network. */
export type Allowed =
  | { readonly ok: true; readonly url: URL; readonly lookup: LookupFunction | undefined }
  | { readonly ok: false; readonly reason: string };
export type CheckAddress = (address: string) => Allowed;

export interface AllowedOriginOptions {
  /** Origins that may be asked, such as https://example.org. */
  readonly origins: readonly string[];
  /** Resolver of names, which keeps requests off private addresses. */
  readonly lookup?: LookupFunction;
}

/**
 * Callers name addresses that this server then asks, so this is where a request forgery would happen: only origins
 * that are listed, whose names must resolve to public addresses; only one that is listed as an address or as localhost
 * itself may be inside. Source: OWASP, Server-Side Request Forgery Prevention.
 */
export function createAddressCheck(options: AllowedOriginOptions): CheckAddress {
  const origins = new Set(options.origins);
  const lookup = options.lookup ?? publicLookup();
  return (address) => {
    if (!URL.canParse(address)) return { ok: false, reason: 'is no address; give an https address' };
    const url = new URL(address);
    if (url.username !== '' || url.password !== '') return { ok: false, reason: 'has a password in it; leave it out' };
    if (!isSafe(url)) return { ok: false, reason: 'is neither https nor http on this machine; give an https address' };
    if (!origins.has(url.origin)) {
      return { ok: false, reason: `is at ${url.origin}, which PARLEY_EVIDENCE_ORIGINS does not list; add it there` };
    }
    const isNamedInside = url.hostname === 'localhost' || isIP(bare(url.hostname)) !== 0;
    return { ok: true, url, lookup: isNamedInside ? undefined : lookup };
  };
}

/** https anywhere, http only where nobody is in between. */
export function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
