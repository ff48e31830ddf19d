import { ParleyError } from '@parley/contracts';
import type { Scope } from '@parley/contracts/http';
import { callerOf } from '@parley/runtime';
import type { Response } from 'express';
import { allows } from '../domain/access.ts';

/** @throws ParleyError FORBIDDEN where the caller's credential lacks the scope. Source: RFC 6750 §3.1 */
export function demand(response: Response, scope: Scope): void {
  const { scopes, subject } = callerOf(response);
  if (allows(scopes, scope)) return;
  response.set('WWW-Authenticate', `Bearer realm="parley", error="insufficient_scope", scope="${scope}"`);
  throw new ParleyError(
    'FORBIDDEN',
    `This needs the scope "${scope}", and ${subject} has ${[...scopes].join(', ') || 'none'}. Ask an admin of the tenant for a credential with it.`,
  );
}
