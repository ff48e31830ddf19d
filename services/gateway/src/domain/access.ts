import { type Caller, type Scope, scopes } from '@parley/contracts/http';

/** The caller of a bearer token, or a refusal with its reason and the tenant and subject that the token had. */
export type Identified =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly reason: string; readonly tenant?: string; readonly subject?: string };
export type Identify = (token: string) => Promise<Identified>;

/** Each scope brings those before it. */
export function allows(granted: ReadonlySet<Scope>, needed: Scope): boolean {
  return scopes.slice(scopes.indexOf(needed)).some((scope) => granted.has(scope));
}
