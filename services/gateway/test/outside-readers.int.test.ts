import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { createJwtReader } from '../src/access/jwt.ts';
import { fromPrometheus } from '../src/operating/slo-sources.ts';
import { createAddressCheck } from '../src/out/allowed-origin.ts';
import { createFetchText } from '../src/out/fetch-text.ts';
import { createPostJson } from '../src/out/post-json.ts';

interface Sent {
  readonly origin: string;
  /** Bytes that were sent, and whether the client has left. */
  bytes: number;
  hasLeft: boolean;
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A server whose body never ends: as fast as it is read, or a byte now and then. */
async function endless(kind: 'fast' | 'dribbling', headers: Record<string, string>, status = 200): Promise<Sent> {
  const sent: Sent = { origin: '', bytes: 0, hasLeft: false };
  const piece = kind === 'fast' ? Buffer.alloc(64_000, ' ') : Buffer.from(' ');
  const write = (response: ServerResponse) => {
    if (response.destroyed) return;
    sent.bytes += piece.length;
    if (kind === 'dribbling') {
      response.write(piece);
      setTimeout(write, 20, response);
    } else if (response.write(piece)) setImmediate(write, response);
    else response.once('drain', () => write(response));
  };
  const server = createServer((request, response) => {
    request.resume();
    response.on('close', () => {
      sent.hasLeft = true;
    });
    response.writeHead(status, headers);
    write(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return Object.assign(sent, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function left(sent: Sent): Promise<void> {
  while (!sent.hasLeft) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a body without end is left', () => {
  test.each(['fast', 'dribbling'] as const)('by the reader of evidence: %s', async (kind) => {
    const sent = await endless(kind, { 'content-type': 'text/plain' });
    const fetchText = createFetchText({ origins: [sent.origin], timeoutMs: 300 });
    const found = await fetchText(`${sent.origin}/page`);
    const reason = kind === 'fast' ? /larger than 256 kB/ : /did not answer within 0\.3 s/;
    expect(found).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    await left(sent);
  });

  test.each(['fast', 'dribbling'] as const)(
    "by the reader of an identity provider's keys: %s",
    async (kind) => {
      const sent = await endless(kind, { 'content-type': 'application/json' });
      const read = createJwtReader({
        issuer: 'https://login.example.org',
        audience: 'parley',
        jwksUrl: `${sent.origin}/jwks`,
        algorithms: ['HS256'],
        tenantClaim: 'org',
        scopesClaim: 'scope',
      });
      const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
      await expect(read(token)).rejects.toMatchObject({ code: 'IDENTITY_PROVIDER_UNAVAILABLE', retryable: true });
      await left(sent);
      expect(sent.bytes).toBeLessThan(20_000_000);
    },
    10_000,
  );

  test.each(['fast', 'dribbling'] as const)(
    'by the reader of Prometheus: %s',
    async (kind) => {
      const sent = await endless(kind, { 'content-type': 'application/json' });
      const { slos } = await fromPrometheus(sent.origin)();
      for (const slo of slos) expect(JSON.stringify(slo)).toContain('does not answer');
      await left(sent);
      expect(sent.bytes).toBeLessThan(30_000_000);
    },
    10_000,
  );

  test.each(['fast', 'dribbling'] as const)(
    'by the sender of notifications, which reads none of it: %s',
    async (kind) => {
      const sent = await endless(kind, {}, 503);
      const post = createPostJson(createAddressCheck({ origins: [sent.origin] }));
      const posted = await post(`${sent.origin}/hook`, '{}', {}, new AbortController().signal);
      expect(posted).toEqual({ ok: false, reason: expect.stringMatching(/answers with status 503/) });
      await left(sent);
      expect(sent.bytes).toBeLessThan(5_000_000);
    },
  );
});
