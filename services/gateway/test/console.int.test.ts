import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, openEmbedded } from '@parley/spine';
import { type RunningGateway, startGateway } from './running-gateway.ts';

let db: Database;
let gateway: RunningGateway;
beforeAll(async () => {
  db = await openEmbedded();
  gateway = await startGateway(db, { traceUrl: 'https://traces.example.org/"{traceId}' });
});
afterAll(async () => {
  await gateway.stop();
  await db.close();
});

test('the page is there for everybody, asks again every time, and lets in nothing from elsewhere', async () => {
  for (const path of ['/', '/console']) {
    const { status, headers, text } = await gateway.get(path, { accept: 'application/json' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'; ?script-src 'self';/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/<script(?![^>]* src="\/)/);
    expect(text).toContain('content="https://traces.example.org/&quot;{traceId}"');
  }
});

test('what the page names is kept for ever, and is sent compressed to who takes that', async () => {
  const { text } = await gateway.get('/');
  const names = [...text.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, name]) => name ?? '');
  expect(names.map((name) => name.replace(/-[\w-]{8}\./, '.')).sort()).toEqual([
    '/console/index.css',
    '/console/index.js',
  ]);
  for (const name of names) {
    const plain = await fetch(gateway.url + name, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const gzipped = await fetch(gateway.url + name, { headers: { 'accept-encoding': 'gzip' } });
    expect(gzipped.headers.get('content-encoding')).toBe('gzip');
    expect(Number(gzipped.headers.get('content-length'))).toBeLessThan(Number(plain.headers.get('content-length')) / 2);
    expect(await gzipped.text()).toBe(await plain.text());
  }
});

test('what is not there is a problem as everywhere else, and other methods are refused', async () => {
  expect(await gateway.get('/console/index-00000000.js')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  expect(await gateway.get('/console/..%2findex.html')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  expect(await gateway.get('/debates', { accept: 'text/html' })).toMatchObject({ json: { code: 'NOT_FOUND' } });
  expect(await gateway.post('/', {})).toMatchObject({ status: 405, json: { code: 'METHOD_NOT_ALLOWED' } });
});
