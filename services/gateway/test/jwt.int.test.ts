import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, openEmbedded } from '@parley/spine';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { accessOf } from '../src/config.ts';
import { bearer } from './credentials.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const issuer = 'https://login.example.org';
const audience = 'parley';
const keys = await generateKeyPair('ES256');
const others = await generateKeyPair('ES256');
const secret = new TextEncoder().encode('x'.repeat(64));

let db: Database;
let gateway: RunningGateway;
let provider: Server;
let isAway = false;

beforeAll(async () => {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' };
  provider = createServer((_, response) => {
    response.statusCode = isAway ? 500 : 200;
    response.end(JSON.stringify({ keys: [jwk] }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  db = await openEmbedded();
  const jwt = {
    issuer,
    audience,
    jwksUrl: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`,
    algorithms: ['ES256'],
    tenantClaim: 'org',
    scopesClaim: 'scope',
  };
  gateway = await startGateway(db, { auth: { jwt } });
});
afterAll(async () => {
  await gateway.stop();
  await db.close();
  provider.close();
});

const claims = { iss: issuer, aud: audience, sub: 'mia', org: 'acme', scope: 'openid parley:write' };
const soon = () => Math.floor(Date.now() / 1000) + 600;
const signed = (payload: JWTPayload, key = keys.privateKey) =>
  new SignJWT({ exp: soon(), ...payload }).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(key);
const ask = async (token: string) => gateway.get('/v1/debates', bearer(token));

test('keys that cannot be had are a fault of this side, not of the token', async () => {
  isAway = true;
  const reply = await ask(await signed(claims));
  expect(problemOf(reply)).toMatchObject({ status: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE' });
  isAway = false;
});

test('a good token says the tenant and the scopes, as words or as a list', async () => {
  for (const scope of [claims.scope, ['parley:write']]) {
    const headers = bearer(await signed({ ...claims, scope }));
    const { status, json } = await gateway.post('/v1/debates', { topic: 'Tea' }, headers);
    expect(status).toBe(202);
    expect((await gateway.get(`/v1/debates/${(json as { id: string }).id}`, headers)).status).toBe(200);
    const elsewhere = bearer(await signed({ ...claims, org: 'umbrella' }));
    expect((await gateway.get(`/v1/debates/${(json as { id: string }).id}`, elsewhere)).status).toBe(404);
    expect((await gateway.get('/v1/keys', headers)).status).toBe(403);
  }
});

test.each<[string, () => string | Promise<string>]>([
  ['of another issuer', () => signed({ ...claims, iss: 'https://evil.example.org' })],
  ['for another audience', () => signed({ ...claims, aud: 'bank' })],
  ['that has ended', () => signed({ ...claims, exp: soon() - 3_600 })],
  ['without an end', () => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(keys.privateKey)],
  ['that is not yet good', () => signed({ ...claims, nbf: soon() })],
  ['without a subject', () => signed({ ...claims, sub: undefined } as unknown as JWTPayload)],
  ['signed by another key', () => signed(claims, others.privateKey)],
  ['signed with a shared secret', () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)],
  ['that is not signed', () => new UnsecuredJWT({ exp: soon(), ...claims }).encode()],
  ['without a tenant', () => signed({ ...claims, org: undefined } as unknown as JWTPayload)],
  ['of the probes', () => signed({ ...claims, org: 'parley-probe' })],
  ['of a tenant that is none', () => signed({ ...claims, org: '*' })],
])('a token %s is refused', async (_, token) => {
  const reply = await ask(await token());
  expect(problemOf(reply)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  expect(reply.headers.get('www-authenticate')).toContain('invalid_token');
});

test('a token without our scopes may do nothing', async () => {
  expect((await ask(await signed({ ...claims, scope: 'openid' }))).status).toBe(403);
});

const unset = { PARLEY_JWT_ALGORITHMS: ['ES256' as const], PARLEY_JWT_TENANT_CLAIM: 't', PARLEY_JWT_SCOPES_CLAIM: 's' };

test('credentials are asked for wherever others reach the server', () => {
  for (const HOST of ['127.0.0.1', 'localhost', '::1', '127.1.2.3'])
    expect(accessOf({ ...unset, HOST })).toBeUndefined();
  expect(accessOf({ ...unset, HOST: '127.0.0.1', PARLEY_AUTH: 'required' })).toEqual({ jwt: undefined });
  expect(accessOf({ ...unset, HOST: '0.0.0.0' })).toEqual({ jwt: undefined });
});

test.each(['0.0.0.0', '::', '10.0.0.7', 'parley.example.org', '127.0.0.1.example.org'])(
  'a server on %s does not start without credentials',
  (HOST) => {
    expect(() => accessOf({ ...unset, HOST, PARLEY_AUTH: 'off' })).toThrow(
      `HOST is ${HOST}, which other machines reach`,
    );
  },
);

test('half an identity provider is none', () => {
  expect(() => accessOf({ ...unset, HOST: '127.0.0.1', PARLEY_JWT_ISSUER: issuer })).toThrow('go together');
});
