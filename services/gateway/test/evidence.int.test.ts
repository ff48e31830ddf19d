import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Evidence, limitsOfEvidence, type StartDebateV1 } from '@parley/contracts/debate';
import { until } from '@parley/testkit';
import { createFetchText } from '../src/out/fetch-text.ts';
import { databases, type TestDatabase } from './databases.ts';
import { fieldsOf, problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const pages: Record<string, { status?: number; headers?: Record<string, string>; body: string | Buffer }> = {
  '/census': { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Forty thousand\r\ncars 茶\u202e.' },
  '/latin': {
    headers: { 'content-type': 'text/markdown; charset=iso-8859-1' },
    body: Buffer.from('caf\xe9', 'latin1'),
  },
  '/json': { headers: { 'content-type': 'application/json' }, body: '{"cars": 40000}' },
  '/long': { headers: { 'content-type': 'text/plain' }, body: 'Every car stands still. '.repeat(1_000) },
  '/page': {
    headers: { 'content-type': 'text/html' },
    body: Buffer.from(
      '<meta charset="iso-8859-1"><script>document.write("Scripted.")</script><p hidden>Hidden.</p><h1>Caf\xe9</h1><p>Forty thousand <b>cars</b>.',
      'latin1',
    ),
  },
  '/utf16': {
    headers: { 'content-type': 'text/plain' },
    body: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('café 茶', 'utf16le')]),
  },
  '/unlabelled': { headers: { 'content-type': 'text/plain' }, body: Buffer.from('caf\xe9 au lait', 'latin1') },
  '/broken': { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from('caf\xe9', 'latin1') },
  '/deep': { headers: { 'content-type': 'text/html' }, body: '<div>'.repeat(50_000) },
  '/bare': { headers: { 'content-type': 'text/html' }, body: '<script>Scripted.</script><p hidden>Hidden.</p>' },
  '/vast': { headers: { 'content-type': 'text/html' }, body: '<p>x'.repeat(300 * 1024) },
  '/pdf': { headers: { 'content-type': 'application/pdf' }, body: '%PDF' },
  '/huge': { headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(300 * 1024) },
  '/empty': { headers: { 'content-type': 'text/plain' }, body: ' \u200b ' },
  '/moved': { status: 302, headers: { location: 'http://169.254.169.254/' }, body: '' },
  '/gone': { status: 410, headers: { 'content-type': 'text/plain' }, body: 'gone' },
  '/zipped': { headers: { 'content-type': 'text/plain', 'content-encoding': 'br' }, body: 'x' },
  '/odd': { headers: { 'content-type': 'text/plain; charset=klingon' }, body: 'x' },
};

let server: Server;
let origin: string;
let asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = pages[request.url ?? ''];
    // One page never answers.
    if (page !== undefined) response.writeHead(page.status ?? 200, page.headers).end(page.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe.each(databases)('Evidence over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { evidenceOrigins: [origin] });
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  const start = (pro: unknown, con: unknown = [], headers: Record<string, string> = {}) =>
    gateway.post('/v1/debates', { topic: 'Cars', sides: { pro: { evidence: pro }, con: { evidence: con } } }, headers);
  async function commanded(pro: unknown, con: unknown = []): Promise<Record<'pro' | 'con', Evidence[] | undefined>> {
    const reply = await start(pro, con);
    expect([reply.status, reply.text]).toEqual([202, expect.any(String)]);
    const { id } = reply.json as { id: string };
    await until('its command is sent', () => gateway.commands.some(({ subject }) => subject === id));
    const command = gateway.commands.find(({ subject }) => subject === id);
    const sides = (command?.data as StartDebateV1 | undefined)?.sides;
    return { pro: sides?.pro.evidence, con: sides?.con.evidence };
  }

  test('is fetched once and stands in the command as text.', async () => {
    const pro = [{ url: `${origin}/census` }, { id: 'Lancet', title: 'Noise', text: 'Noise\nshortens sleep.' }];
    const con = [{ title: 'Café', url: `${origin}/latin` }, { url: `${origin}/json` }];
    expect(await commanded(pro, con)).toEqual({
      pro: [
        { id: 'E1', title: `${origin}/census`, text: 'Forty thousand\ncars 茶.' },
        { id: 'Lancet', title: 'Noise', text: 'Noise\nshortens sleep.' },
      ],
      con: [
        { id: 'E1', title: 'Café', text: 'café' },
        { id: 'E2', title: `${origin}/json`, text: '{"cars": 40000}' },
      ],
    });
    expect(asked.sort()).toEqual(['/census', '/json', '/latin']);
  });

  test('that is a page stands in the command as the text that the page shows.', async () => {
    const [piece] = (await commanded([{ url: `${origin}/page` }])).pro ?? [];
    expect(piece).toEqual({ id: 'E1', title: `${origin}/page`, text: 'Café\nForty thousand cars.' });
    expect(asked).toEqual(['/page']);
  });

  test('that is written in UTF-16, or in Latin-1 without a word, is read as it was written.', async () => {
    const pro = [{ url: `${origin}/utf16` }, { url: `${origin}/unlabelled` }];
    expect((await commanded(pro)).pro?.map(({ text }) => text)).toEqual(['café 茶', 'café au lait']);
  });

  test('that is long is cut at a sentence.', async () => {
    const [piece] = (await commanded([{ url: `${origin}/long` }])).pro ?? [];
    expect(piece?.text.endsWith('stands still.')).toBe(true);
    expect(piece?.text.length).toBeLessThanOrEqual(limitsOfEvidence.textCharacters);
    expect(piece?.text.length).toBeGreaterThan(limitsOfEvidence.textCharacters - 30);
  });

  test.each([
    ['/pdf', /application\/pdf, not text\/plain/],
    ['/broken', /written in utf-8, and has bytes that are not; give the text itself/],
    ['/deep', /nests its elements too deeply/],
    ['/bare', /has no text/],
    ['/vast', /larger than 1024 kB/],
    ['/huge', /larger than 256 kB/],
    ['/empty', /has no text/],
    ['/moved', /redirect to http:\/\/169\.254/],
    ['/gone', /status 410/],
    ['/zipped', /compressed as br/],
    ['/odd', /written in klingon/],
  ])('that is %s is 400 with its field, and starts nothing.', async (path, fault) => {
    const reply = await start([{ text: 'fine' }, { url: `${origin}${path}` }]);
    expect([reply.status, fieldsOf(reply)]).toEqual([400, ['sides.pro.evidence.1.url']]);
    expect(problemOf(reply).detail).toMatch(fault);
    expect(asked).toEqual([path]);
  });

  test.each([
    'https://example.org/',
    'http://127.0.0.1:1/',
    'http://169.254.169.254/latest/meta-data',
    'http://example.org/',
    'file:///etc/passwd',
    'http://2130706433/',
    'https://user:secret@example.org/',
  ])('at %s is 400 and nobody is asked.', async (url) => {
    const reply = await start([{ url }]);
    expect([reply.status, fieldsOf(reply)]).toEqual([400, ['sides.pro.evidence.0.url']]);
    expect(asked).toEqual([]);
  });

  test('from an origin that is not listed names the variable.', async () => {
    expect(problemOf(await start([{ url: 'https://example.org/a' }])).detail).toContain('PARLEY_EVIDENCE_ORIGINS');
  });

  test('of which there is too much, or two by one name, is 400 with its side.', async () => {
    const much = Array(3).fill({ text: 'x'.repeat(3_000) });
    const reply = await start([], much);
    expect([reply.status, fieldsOf(reply)]).toEqual([400, ['sides.con.evidence']]);
    expect(problemOf(reply).detail).toContain('at most 8000 characters');
    const fetched = Array(3).fill({ url: `${origin}/long` });
    expect(fieldsOf(await start(fetched))).toEqual(['sides.pro.evidence']);
    expect(fieldsOf(await start([{ text: 'a' }, { id: 'e1', text: 'b' }]))).toEqual(['sides.pro.evidence']);
  });

  test('is not fetched again for an Idempotency-Key that was answered.', async () => {
    const key = { 'Idempotency-Key': `evidence-${kind.name}` };
    const [first, second] = [
      await start([{ url: `${origin}/census` }], [], key),
      await start([{ url: `${origin}/census` }], [], key),
    ];
    expect(second.json).toEqual(first.json);
    expect(asked).toEqual(['/census']);
  });
});

test('a server that does not answer is waited for as long as was said', async () => {
  const fetchText = createFetchText({ origins: [origin], timeoutMs: 50 });
  expect(await fetchText(`${origin}/never`)).toEqual({ ok: false, reason: expect.stringContaining('within 0.05 s') });
});

test('a listed name that points inside is not asked', async () => {
  const fetchText = createFetchText({
    origins: ['https://intranet.example'],
    lookup: (_name, _options, done) => done(new Error('never a name of the public'), '', 0),
  });
  expect(await fetchText('https://intranet.example/')).toMatchObject({ ok: false });
  const local = createFetchText({ origins: ['https://metadata.localhost'] });
  expect(await local('https://metadata.localhost/')).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/cannot be fetched/),
  });
});
