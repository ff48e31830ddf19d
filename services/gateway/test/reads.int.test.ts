import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DebateSummary, debatePage, debateView } from '@parley/contracts/debate';
import { parkedPage, problemSchema } from '@parley/contracts/http';
import { databases, type TestDatabase } from './databases.ts';
import { idsOf, oneTo, openEvents } from './event-reader.ts';
import { factsOf, parkedReport, publish, turn, verdict } from './fake-moderator.ts';
import { fieldsOf, problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const unknownId = '01890000-0000-7000-8000-000000000000';

describe.each(databases)('Reads over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  const view = async (id: string) => debateView.parse((await gateway.get(`/v1/debates/${id}`)).json);
  const debates = async (query = '') => debatePage.parse((await gateway.get(`/v1/debates${query}`)).json);

  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  test('Without debates the list is one empty page.', async () => {
    expect(await debates()).toEqual({ debates: [], next: null });
  });

  test('Pages joined by their cursors are all debates, newest first, each once, while new ones come.', async () => {
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.unshift(await gateway.debate(`Debate ${i}`));
    const pages: DebateSummary[][] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page = await debates(`?limit=3${next && `&cursor=${next}`}`);
      pages.push(page.debates);
      next = page.next;
      await gateway.debate('Came in between');
    }
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat().map((debate) => debate.id)).toEqual(made);
    const all = await debates('?limit=100');
    expect([all.debates.length, all.next]).toEqual([10, null]);
    expect((await debates()).debates).toHaveLength(10);
  });

  test('A page that ends exactly at the last debate has no next.', async () => {
    const { debates: all } = await debates('?limit=100');
    expect((await debates(`?limit=${all.length}`)).next).toBeNull();
  });

  test.each([
    ['limit=0', ['limit']],
    ['limit=101', ['limit']],
    ['limit=ten', ['limit']],
    ['limit=1&limit=2', ['limit']],
    ['cursor=3', ['cursor']],
    ['page=2', ['page']],
  ])('The query %s is 400 that names the field.', async (query, fields) => {
    const reply = await gateway.get(`/v1/debates?${query}`);
    expect([reply.status, fieldsOf(reply)]).toEqual([400, fields]);
  });

  test('A debate is shown with its turns, stop reason and verdict, as far as it has come.', async () => {
    const id = await gateway.debate();
    expect(await view(id)).toMatchObject({ status: 'accepted', turns: [], lastSequence: 0, detail: null });
    const facts = factsOf(id, 4);
    await publish(gateway.bus, facts.slice(0, 3));
    const half = await view(id);
    expect(half).toMatchObject({ status: 'debating', lastSequence: 3, stopReason: null, closedAt: null });
    const { next: _next, ...first } = turn(1);
    expect(half.turns[0]).toEqual({ ...first, sequence: 2 });
    await publish(gateway.bus, facts.slice(3, 6));
    expect(await view(id)).toMatchObject({ status: 'judging', stopReason: 'max_rounds', alsoTrue: ['redundant'] });
    await publish(gateway.bus, facts.slice(6));
    const whole = await view(id);
    expect(whole).toMatchObject({ status: 'closed', verdict, lastSequence: 8, closedAt: facts.at(-1)?.time });
    expect(whole.turns.map((one) => one.sequence)).toEqual([2, 3, 4, 5]);
  });

  test('The list is searched here, over all pages: by text of the topic, by state, by outcome of the verdict.', async () => {
    const word = crypto.randomUUID();
    const ids: string[] = [];
    for (const topic of [`Ärger ${word}`, `100% ${word}_`, `Nothing of it`, `ärger ${word} again`])
      ids.push(await gateway.debate(topic));
    const [first, second, , last] = ids as [string, string, string, string];
    await publish(gateway.bus, factsOf(first, 2));
    await publish(gateway.bus, factsOf(last, 2).slice(0, 1));
    const found = async (query: string) => {
      const seen: string[] = [];
      for (let cursor = ''; ; ) {
        const page = debatePage.parse((await gateway.get(`/v1/debates?limit=1&${query}${cursor}`)).json);
        seen.push(...page.debates.map(({ id }) => id));
        if (page.next === null) return seen;
        cursor = `&cursor=${page.next}`;
      }
    };
    const topic = (text: string) => `topic=${encodeURIComponent(text)}`;
    expect(await found(topic(word.toUpperCase()))).toEqual([last, second, first]);
    expect(await found(topic(`ÄRGER ${word}`))).toEqual([last, first]);
    expect(await found(topic(`% ${word}_`))).toEqual([second]);
    expect(await found(`${topic(word)}&status=accepted,debating`)).toEqual([last, second]);
    expect(await found(`${topic(word)}&status=closed&outcome=unavailable`)).toEqual([first]);
    expect(await found(`${topic(word)}&outcome=contested`)).toEqual([]);
    for (const [query, field] of [
      ['status=asleep', 'status.0'],
      ['topic=', 'topic'],
      ['outcome=draw', 'outcome'],
    ] as const) {
      const reply = await gateway.get(`/v1/debates?${query}`);
      expect([reply.status, fieldsOf(reply)]).toEqual([400, [field]]);
    }
  });

  test('A redelivered event is kept once and turns nothing back.', async () => {
    const id = await gateway.debate();
    const facts = factsOf(id, 2);
    await publish(gateway.bus, facts);
    const before = await view(id);
    await publish(gateway.bus, [...facts.slice(0, 2), ...facts.slice(0, 2)]);
    expect(await view(id)).toEqual(before);
  });

  test('A batch with the same event twice keeps it once.', async () => {
    const id = await gateway.debate();
    const facts = factsOf(id, 2);
    await publish(
      gateway.bus,
      facts.flatMap((one) => [one, one]),
    );
    expect(idsOf(await (await openEvents(gateway.url, id)).rest())).toEqual(oneTo(6));
  });

  test('A debate that was started elsewhere is known from its first event.', async () => {
    const id = crypto.randomUUID();
    await publish(gateway.bus, factsOf(id, 1).slice(0, 2));
    expect(await view(id)).toMatchObject({ topic: 'Tea is better than coffee', status: 'debating', maxRounds: 8 });
  });

  test('An event that this build cannot read keeps its number, and the others their effect.', async () => {
    const id = await gateway.debate();
    const [first, second, ...rest] = factsOf(id, 2);
    if (first === undefined || second === undefined) throw new Error('there are events');
    await publish(gateway.bus, [first, { ...second, type: 'motion-carried.v9', data: null }, ...rest]);
    expect(idsOf(await (await openEvents(gateway.url, id)).rest())).toEqual(oneTo(6));
    expect(await view(id)).toMatchObject({ status: 'closed', lastSequence: 6 });
    const other = await gateway.debate();
    await publish(gateway.bus, [{ ...second, id: `debate/${other}/1`, subject: other, sequence: 1, data: null }]);
    expect(await view(other)).toMatchObject({ turns: [], lastSequence: 1 });
  });

  test('A message about no debate does not hold up the others.', async () => {
    const id = await gateway.debate();
    const [first] = factsOf('not a debate', 1);
    await publish(
      gateway.bus,
      [first, ...factsOf(id, 1)].flatMap((one) => one ?? []),
    );
    expect((await view(id)).status).toBe('closed');
  });

  test('A parked stream is listed, and its debate says so until it goes on.', async () => {
    const id = await gateway.debate();
    const facts = factsOf(id, 1);
    await publish(gateway.bus, [...facts.slice(0, 1), parkedReport(id)]);
    expect((await view(id)).status).toBe('parked');
    const { parked } = parkedPage.parse((await gateway.get('/v1/parked')).json);
    expect(parked).toEqual([
      {
        id: expect.any(String),
        askedAt: null,
        service: 'moderator',
        kind: 'debate',
        stream: id,
        input: 'turn-replied.v1',
        reason: 'decide threw',
        at: facts[0]?.time,
      },
    ]);
    await publish(gateway.bus, facts.slice(1));
    expect((await view(id)).status).toBe('closed');
    await publish(gateway.bus, [parkedReport(id)]);
    expect((await view(id)).status).toBe('closed');
    expect(parkedPage.parse((await gateway.get('/v1/parked')).json).parked).toHaveLength(1);
  });

  test('An unknown debate is 404, an id that is none 400, both as problem+json with code and trace id.', async () => {
    const traceparent = `00-${'12'.repeat(16)}-${'34'.repeat(8)}-01`;
    for (const path of [`/v1/debates/${unknownId}`, `/v1/debates/${unknownId}/events`]) {
      const reply = await gateway.get(path, { traceparent });
      expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(problemSchema.strict().parse(reply.json)).toEqual({
        type: 'about:blank',
        title: 'Not found',
        status: 404,
        detail: `There is no debate ${unknownId}.`,
        code: 'NOT_FOUND',
        traceId: '12'.repeat(16),
      });
    }
    const reply = await gateway.get('/v1/debates/7');
    expect([reply.status, fieldsOf(reply), problemOf(reply).traceId]).toEqual([
      400,
      ['id'],
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect((await gateway.get('/v1/debates/%ZZ')).status).toBe(400);
  });

  test('An unknown route is 404; a method that a route has not is 405 with Allow.', async () => {
    const nowhere = await gateway.get('/v1/nothing');
    expect([nowhere.status, problemOf(nowhere).code]).toEqual([404, 'NOT_FOUND']);
    for (const [method, path, allow] of [
      ['DELETE', '/v1/debates', 'GET, POST'],
      ['PUT', `/v1/debates/${unknownId}`, 'GET'],
      ['GET', `/v1/debates/${unknownId}/cancel`, 'POST'],
      ['POST', '/v1/parked', 'GET'],
    ] as const) {
      const response = await fetch(gateway.url + path, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
      expect(((await response.json()) as { code: string }).code).toBe('METHOD_NOT_ALLOWED');
    }
  });

  test('An id in upper case is the same debate.', async () => {
    const id = await gateway.debate();
    expect((await view(id.toUpperCase())).id).toBe(id);
  });

  test('Requests are measured by route, never by path.', async () => {
    const id = await gateway.debate();
    await gateway.get(`/v1/debates/${id}`);
    await gateway.get('/v1/nothing');
    await gateway.get('/nothing');
    const { text } = await gateway.get('/metrics');
    expect(text).toMatch(
      /request_seconds_count\{method="GET",route="\/v1\/debates\/:id",status="200",audience="product"\} \d/,
    );
    for (const route of ['/v1/*', 'none']) {
      const counted = `request_seconds_count{method="GET",route="${route}",status="404",audience="product"} `;
      expect(text).toContain(counted);
    }
    expect(text).not.toContain(id);
  });
});
