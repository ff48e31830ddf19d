import { isIP } from 'node:net';
import { ParleyError } from '@parley/contracts';
import { hostEnv } from '@parley/runtime';
import { z } from 'zod';
import type { JwtOptions } from './access/jwt.ts';
import { isSafe } from './out/allowed-origin.ts';

const origin = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text && isSafe(new URL(text)), {
    message: 'expected origins such as https://example.org, without a path, several separated by commas',
  });

const proxy = z
  .string()
  .refine(isNetwork, { message: 'expected addresses or networks such as 10.0.0.0/8, several separated by commas' });

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits = '0', ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

/** What a gateway reads in every composition. */
export const debateEnv = z.object({
  PARLEY_EVIDENCE_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(origin))
    .optional()
    .describe(
      'Origins that evidence may be fetched from and push notifications sent to, separated by commas, such as https://example.org; unset = none. An address or localhost in it lets requests into the private network.',
    ),
  PARLEY_PRICES: z
    .string()
    .optional()
    .describe(
      'Price table, as JSON or the name of a file with it: `{"MODEL": {"inputPerMillion": 0.15, "outputPerMillion": 0.6, "currency": "USD"}}`. A model that is not in it has no price.',
    ),
  PARLEY_CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(origin))
    .optional()
    .describe('Origins of web pages that may ask, separated by commas, beside the pages of this server.'),
  PARLEY_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(proxy))
    .optional()
    .describe(
      'Proxies in front whose X-Forwarded-Proto, -Host and -For are believed: addresses, networks such as 10.0.0.0/8, "loopback" or "uniquelocal", separated by commas; unset = none.',
    ),
  PARLEY_TENANT_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Requests that a tenant may make in a minute, over all gateways; unset = any number.'),
  PARLEY_TENANT_STREAMS: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      'Event streams and WebSockets that a tenant may have open at once, over all gateways; unset = any number.',
    ),
  PARLEY_TRACE_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && text.includes('{traceId}'), {
      message: 'expected an http address with {traceId} in it, such as https://traces.example.org/trace/{traceId}',
    })
    .optional()
    .describe('Where the console links a turn to its trace: an address with {traceId} in it; unset = no links.'),
  PARLEY_TENANT_TOKENS_PER_DAY: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      'Tokens that a tenant may spend in a day (UTC) before it can start no further debate; unset = any number.',
    ),
  PARLEY_PROMETHEUS_URL: z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .optional()
    .describe(
      'The Prometheus that evaluates the rules of the SLOs, for GET /v1/slos; unset = what this process counts.',
    ),
  PARLEY_DEGRADATION: z
    .string()
    .optional()
    .describe(
      'What new debates get less of while an error budget runs out: "off", "default", YAML such as `[{slo: debate-completion, budgetBelow: 0.25, maxRounds: 4}]`, or a file of it; unset = "default" with PARLEY_PROMETHEUS_URL, else "off".',
    ),
  PARLEY_PROBE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('How often a debate of one round is held to see whether it works; 0 = never.'),
  PARLEY_PROBE_MODEL: z
    .string()
    .default('rehearsal')
    .describe('The model of such a debate; the rehearsal model costs nothing and tests all but the models.'),
});

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
const list = z.string().transform((text) => text.split(',').map((each) => each.trim()));

/** Who may ask. */
export const accessEnv = z.object({
  PARLEY_AUTH: z
    .enum(['required', 'off'])
    .optional()
    .describe(
      '"required": every request of a user brings an API key or a token. "off" is for a HOST that only this machine reaches, and what is meant there if nothing is set.',
    ),
  PARLEY_JWT_ISSUER: z.string().optional().describe('The identity provider whose tokens are taken: their claim "iss".'),
  PARLEY_JWT_AUDIENCE: z.string().optional().describe('For whom they must be made out: their claim "aud".'),
  PARLEY_JWT_JWKS_URL: z
    .string()
    .refine((text) => URL.canParse(text) && isSafe(new URL(text)), 'expected an https address')
    .optional()
    .describe("Where the provider's public keys are."),
  PARLEY_JWT_ALGORITHMS: list
    .pipe(z.array(z.enum(algorithms)).min(1))
    .default(['RS256', 'ES256', 'EdDSA'])
    .describe(`Signatures that are taken, separated by commas, of ${algorithms.join(', ')}.`),
  PARLEY_JWT_TENANT_CLAIM: z.string().default('tenant').describe('The claim that names the tenant.'),
  PARLEY_JWT_SCOPES_CLAIM: z
    .string()
    .default('scope')
    .describe('The claim with the scopes "parley:read", "parley:write" and "parley:admin".'),
});

/** The environment of a gateway. */
export const gatewayEnv = hostEnv.extend(debateEnv.shape).extend(accessEnv.shape);

type AccessEnv = z.infer<typeof accessEnv> & { readonly HOST: string };
const thisMachine = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Who may ask; undefined where everybody may.
 * @throws ParleyError CONFIG_INVALID for a server without credentials that others reach, and for half an identity provider
 */
export function accessOf(env: AccessEnv): { readonly jwt: JwtOptions | undefined } | undefined {
  const { PARLEY_JWT_ISSUER: issuer, PARLEY_JWT_AUDIENCE: audience, PARLEY_JWT_JWKS_URL: jwksUrl } = env;
  const isAlone = thisMachine.test(env.HOST);
  const asked = env.PARLEY_AUTH ?? (isAlone && issuer === undefined ? 'off' : 'required');
  if (asked === 'off') {
    if (isAlone) return undefined;
    throw new ParleyError(
      'CONFIG_INVALID',
      `PARLEY_AUTH is "off" and HOST is ${env.HOST}, which other machines reach: everybody there could do everything. Leave PARLEY_AUTH out, or set HOST to 127.0.0.1.`,
    );
  }
  if (issuer === undefined && audience === undefined && jwksUrl === undefined) return { jwt: undefined };
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) {
    throw new ParleyError(
      'CONFIG_INVALID',
      'PARLEY_JWT_ISSUER, PARLEY_JWT_AUDIENCE and PARLEY_JWT_JWKS_URL go together: set all three, or none for API keys alone.',
    );
  }
  return {
    jwt: {
      issuer,
      audience,
      jwksUrl,
      algorithms: env.PARLEY_JWT_ALGORITHMS,
      tenantClaim: env.PARLEY_JWT_TENANT_CLAIM,
      scopesClaim: env.PARLEY_JWT_SCOPES_CLAIM,
    },
  };
}
