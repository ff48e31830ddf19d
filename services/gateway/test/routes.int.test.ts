import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deadLetterPage, parkedPage } from '@parley/contracts/http';
import { type Database, openEmbedded } from '@parley/spine';
import { openApiDocument } from '../src/openapi.ts';
import { bearer, type Headers, keyFor } from './credentials.ts';
import { bury, factsOf, failedReplay, letterOf, park, publish } from './fake-moderator.ts';
import { oneOfEachKind } from './one-of-each-kind.ts';
import { problemOf, type Reply, type RunningGateway, startGateway } from './running-gateway.ts';

interface Operation {
  readonly requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
}
const paths = Object.entries(openApiDocument().paths ?? {}) as [string, Record<string, Operation>][];
const operations = paths.flatMap(([path, item]) =>
  Object.entries(item).map(([method, one]) => ({ method: method.toUpperCase(), path, one })),
);
// An agent is everybody's: its name is no id.
const withId = operations.filter(({ path }) => path.includes('{') && !path.includes('{name}'));

let db: Database;
let gateway: RunningGateway;
let acme: Headers;
let umbrella: Headers;
const ids = { debate: '', replay: '', key: '', parked: '', letter: '' };
/** Streams of the other kinds, by the paths of their kinds. */
let started: ReadonlyMap<string, string>;

beforeAll(async () => {
  db = await openEmbedded();
  gateway = await startGateway(db, { auth: {} });
  acme = bearer(await keyFor(db, 'acme'));
  umbrella = bearer(await keyFor(db, 'umbrella'));
  const idOf = (reply: Reply) => (reply.json as { id: string }).id;
  ids.debate = idOf(await gateway.post('/v1/debates', { topic: 'Tea' }, acme));
  const facts = factsOf(ids.debate, 2).map((message) => ({ ...message, tenant: 'acme' }));
  await publish(gateway.bus, facts);
  ids.replay = idOf(await gateway.post(`/v1/debates/${ids.debate}/replays`, {}, acme));
  await publish(gateway.bus, [{ ...failedReplay(ids.debate, ids.replay), tenant: 'acme' }]);
  started = await oneOfEachKind(gateway, acme, 'acme');
  await park(gateway.bus, 'a stream', 'acme');
  await bury(gateway.bus, [letterOf('acme', 1)]);
  ids.parked = parkedPage.parse((await gateway.get('/v1/parked', { ...acme })).json).parked[0]?.id ?? '';
  ids.letter = deadLetterPage.parse((await gateway.get('/v1/dead-letters', { ...acme })).json).letters[0]?.id ?? '';
  ids.key = idOf(await gateway.post('/v1/keys', { name: 'A robot', scopes: ['read'] }, acme));
});
afterAll(async () => {
  await gateway.stop();
  await db.close();
});

const idIn = (path: string) =>
  path.startsWith('/v1/keys')
    ? ids.key
    : path.startsWith('/v1/parked')
      ? ids.parked
      : path.startsWith('/v1/dead-letters')
        ? ids.letter
        : path.startsWith('/v1/replays')
          ? ids.replay
          : (started.get(path.split('/')[2] ?? '') ?? ids.debate);
const pathOf = (path: string) =>
  path.replace('{id}', idIn(path)).replace('{replay}', ids.replay).replace('{name}', 'calculator');
const bodyOf = ({ requestBody }: Operation) =>
  Object.values(requestBody?.content['application/json']?.examples ?? {})[0]?.value ?? {};
function ask(method: string, path: string, one: Operation, headers: Headers): Promise<Reply> {
  return method === 'POST' ? gateway.post(path, bodyOf(one), headers) : gateway.send(method, path, { ...headers });
}

test('there are routes with ids to ask for', () => {
  expect(withId.length).toBeGreaterThan(10);
});

test.each(withId)(
  "$method $path with another tenant's id is 404, as if it were not there",
  async ({ method, path, one }) => {
    const reply = await ask(method, pathOf(path), one, umbrella);
    expect(problemOf(reply)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  },
);

test('and none of it has changed what the owner sees: everything is there for its own tenant', async () => {
  for (const { method, path, one } of withId.filter(({ method }) => method !== 'DELETE')) {
    const { status } = await ask(method, pathOf(path), one, acme);
    expect([path, status === 404]).toEqual([path, false]);
  }
  expect((await gateway.get(`/agent/chat-history?debate=${ids.debate}`, umbrella)).status).toBe(404);
  expect((await gateway.get(`/agent/chat-history?debate=${ids.debate}`, acme)).status).toBe(200);
});

test.each(operations.filter(({ path }) => !path.endsWith('api.json')))(
  '$method $path needs a credential',
  async ({ method, path, one }) => {
    const reply =
      method === 'POST' ? await gateway.post(pathOf(path), bodyOf(one)) : await gateway.send(method, pathOf(path));
    expect(problemOf(reply)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  },
);

test.each(paths)('%s refuses the methods it does not have, and names those it has', async (path, item) => {
  const has = Object.keys(item).map((method) => method.toUpperCase());
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !has.includes(one))) {
    const reply = await gateway.send(method, pathOf(path), { ...acme });
    expect(problemOf(reply)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(reply.headers.get('allow')?.split(', ').sort()).toEqual([...has].sort());
  }
});

test('HEAD tells about a route that changes nothing, and is refused by the one GET that does', async () => {
  const listed = async () => (await gateway.get('/v1/streams', acme)).json;
  const before = await listed();
  const statusOf = async (path: string) => (await gateway.send('HEAD', path, { ...acme })).status;
  expect(await statusOf('/agent/start_debate')).toBe(405);
  expect(await listed()).toEqual(before);
  const reading = operations.filter(({ method, path }) => method === 'GET' && !/start_debate|\/ws$/.test(path));
  for (const { path } of reading) expect([path, (await statusOf(pathOf(path))) < 300]).toEqual([path, true]);
  expect(await listed()).toEqual(before);
});

test('a path that is not there is 404 with a way on', async () => {
  const reply = await gateway.get('/v2/nothing', acme);
  expect(problemOf(reply)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(problemOf(reply).detail).toContain('/openapi.json');
});
