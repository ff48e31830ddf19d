import { ParleyError } from '@parley/contracts';
import type { Request, RequestHandler } from 'express';

const thisMachine = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/** True for a request by a page of another origin than this server's and those listed. Programs name no origin. */
export function isFromElsewhere(request: Request, origins: readonly string[]): boolean {
  const origin = request.get('Origin');
  if (origin === undefined || origins.includes(origin)) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.get('Host');
}

/**
 * Guards a server that asks for no credentials. Any web page that is open on this machine could send it requests, by
 * its address or by a name that suddenly means 127.0.0.1. Source: OWASP, DNS rebinding; W3C Fetch Metadata §2.3.
 */
export function onlyThisMachine(origins: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const isNamedHere = thisMachine.test(request.get('Host') ?? '');
    const isByPage = request.get('Sec-Fetch-Site') === 'cross-site' || isFromElsewhere(request, origins);
    const isListed = origins.includes(request.get('Origin') ?? '');
    if (isNamedHere && (!isByPage || isListed)) next();
    else {
      throw new ParleyError(
        'FORBIDDEN',
        'This server asks for no credentials and so serves this machine only: by the name localhost, and to its own pages. List other pages in PARLEY_CORS_ORIGINS, or set PARLEY_AUTH to "required".',
      );
    }
  };
}
