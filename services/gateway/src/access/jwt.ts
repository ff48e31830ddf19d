import { ParleyError } from '@parley/contracts';
import { readBytes } from '@parley/contracts/bounded-body.ts';
import { callingTenant, scopes } from '@parley/contracts/http';
import type { FetchImplementation, JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Identified, Identify } from '../domain/access.ts';

export interface JwtOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** The only ones that are taken, whatever a token says of itself. */
  readonly algorithms: readonly string[];
  readonly tenantClaim: string;
  readonly scopesClaim: string;
}

/** The provider did not answer, or not with keys. */
const awayCodes: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);
const scopePrefix = 'parley:';
/** What is read of a provider's keys; the longest sets known have some 10 kB. */
const keysBounds = { bytes: 1_000_000, ms: 5_000 } as const;

/** Fetch whose body is bounded: jose bounds the time, and reads whatever comes. */
const boundedFetch: FetchImplementation = async (url, options) => {
  const response = await fetch(url, options);
  const { status, headers } = response;
  const body = await readBytes(response.body, keysBounds);
  return new Response(status === 204 || status === 304 ? null : body, { status, headers });
};

/**
 * Reads tokens of one identity provider: signature, issuer, audience, times, then the claims that name tenant and
 * scopes. Scopes are `parley:read`, `parley:write`, `parley:admin`, as a list or separated by spaces.
 * Source: RFC 8725 §3 (JWT best practices), RFC 9068 §2.2 (claims of access tokens).
 */
export function createJwtReader(options: JwtOptions): Identify {
  let keys: JWTVerifyGetKey | undefined;
  return async (token) => {
    const { createRemoteJWKSet, customFetch, errors, jwtVerify } = await import('jose');
    keys ??= createRemoteJWKSet(new URL(options.jwksUrl), {
      timeoutDuration: keysBounds.ms,
      cooldownDuration: 10_000,
      [customFetch]: boundedFetch,
    });
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: options.issuer,
        audience: options.audience,
        algorithms: [...options.algorithms],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: 5,
      });
      return callerIn(payload, options);
    } catch (thrown) {
      // Keys that cannot be had say nothing about the token.
      if (!(thrown instanceof errors.JOSEError) || awayCodes.has(thrown.code)) {
        throw new ParleyError('IDENTITY_PROVIDER_UNAVAILABLE', `The keys at ${options.jwksUrl} cannot be had.`, {
          retryable: true,
          cause: thrown,
        });
      }
      return { ok: false, reason: `This token is refused: ${thrown.message}.` };
    }
  };
}

function callerIn(payload: JWTPayload, { tenantClaim, scopesClaim }: JwtOptions): Identified {
  const tenant = callingTenant.safeParse(payload[tenantClaim]);
  if (!tenant.success) return { ok: false, reason: `The claim "${tenantClaim}" of this token names no tenant.` };
  const claimed: unknown = payload[scopesClaim];
  const words = typeof claimed === 'string' ? claimed.split(' ') : Array.isArray(claimed) ? claimed : [];
  const granted = scopes.filter((scope) => words.includes(scopePrefix + scope));
  return { ok: true, caller: { tenant: tenant.data, subject: `jwt:${payload.sub}`, scopes: new Set(granted) } };
}
