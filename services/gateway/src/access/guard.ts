import { defaultTenant, ParleyError, streamKinds } from '@parley/contracts';
import type { Caller, Scope } from '@parley/contracts/http';
import { setCaller } from '@parley/runtime';
import type { RequestHandler, Response } from 'express';
import type { Identified, Identify } from '../domain/access.ts';

export interface GuardDeps {
  /** Finds callers. Without it all may do all as the default tenant: for a server that only this machine reaches. */
  readonly identify?: Identify | undefined;
  /** What this process shows when it asks itself. */
  readonly own: { readonly token: string; readonly caller: Caller };
  /** Takes a ticket away and says who brought it. */
  redeem(ticket: string): Promise<Pick<Caller, 'tenant' | 'subject'> | undefined>;
  /** Never rejects. */
  onRefused(refusal: Extract<Identified, { ok: false }>, address: string | undefined): Promise<void>;
}

const remedy =
  'Send an API key as "Authorization: Bearer parley_…"; "parley keys create" makes the first one, POST /v1/keys more.';
/** Paths to which browsers cannot bring a header: the events of any kind of stream. */
const streamPath = new RegExp(`^/v1/(${streamKinds.map(({ path }) => path).join('|')})/[^/]+/(events|ws)/?$`, 'i');
const reader: ReadonlySet<Scope> = new Set(['read']);
const anyone: Caller = { tenant: defaultTenant, scopes: new Set(['admin']), subject: 'anonymous' };

/**
 * Stands before all routes of users: the tenant comes from the credential and from nothing else.
 * Source: RFC 6750 §2.1 (bearer tokens), §3 (WWW-Authenticate).
 */
export function createGuard({ identify, own, redeem, onRefused }: GuardDeps): RequestHandler {
  return async (request, response, next) => {
    const [, token] = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(request.get('Authorization') ?? '') ?? [];
    if (token === own.token || identify === undefined) {
      setCaller(response, token === own.token ? own.caller : anyone);
      next();
      return;
    }
    const { ticket } = request.query;
    if (token === undefined && typeof ticket === 'string' && streamPath.test(request.path)) {
      const bearer = await redeem(ticket);
      if (bearer === undefined)
        throw unauthenticated(response, 'This ticket is used, too old or of nobody.', 'invalid_token');
      setCaller(response, { ...bearer, scopes: reader });
      next();
      return;
    }
    if (token === undefined) throw unauthenticated(response, 'No credential came with the request.');
    const found = await identify(token);
    if (!found.ok) {
      await onRefused(found, request.ip);
      throw unauthenticated(response, found.reason, 'invalid_token');
    }
    setCaller(response, found.caller);
    next();
  };
}

export function unauthenticated(response: Response, reason: string, error?: string): ParleyError {
  response.set('WWW-Authenticate', `Bearer realm="parley"${error === undefined ? '' : `, error="${error}"`}`);
  return new ParleyError('UNAUTHENTICATED', `${reason} ${remedy}`);
}
