import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import { type DebateSummary, debateSummary } from '@parley/contracts/debate';
import { problemSchema } from '@parley/contracts/http';
import type { Database } from '@parley/spine';
import { gate, until } from '@parley/testkit';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { fieldsOf, problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const topic = 'Tea is better than coffee';
const unknownId = '01890000-0000-7000-8000-000000000000';

describe.each(databases)('Commands over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  /** Runs in the transaction of a command, after its work and before its commit. */
  let beforeCommit: () => Promise<void> = async () => {};

  const count = async (table: string, where = 'true'): Promise<number> => {
    const [row] = await database.other.query<{ n: number }>(
      `select count(*)::int as n from gateway.${table} where ${where}`,
    );
    return row?.n ?? -1;
  };
  const commandOf = async (id: string, type: string): Promise<Message> => {
    const found = () => gateway.commands.find((one) => one.subject === id && one.type === type);
    await until(`${type} of ${id} is on the bus`, () => found() !== undefined);
    return found() as Message;
  };

  beforeAll(async () => {
    database = await kind.open();
    const db: Database = {
      ...database.db,
      transaction: (work) =>
        database.db.transaction(async (tx) => {
          const done = await work(tx);
          await beforeCommit();
          return done;
        }),
    };
    gateway = await startGateway(db);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  test('A debate is accepted with 202, Location and its summary, and its command reaches the bus.', async () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const reply = await gateway.post('/v1/debates', { topic: `  ${topic}  ` }, { traceparent });
    expect(reply.status).toBe(202);
    const summary = debateSummary.parse(reply.json);
    expect(summary).toMatchObject({ topic, status: 'accepted', maxRounds: 8, stopReason: null, verdict: null });
    expect(reply.headers.get('location')).toBe(`/v1/debates/${summary.id}`);
    expect((await gateway.get(reply.headers.get('location') ?? '')).json).toMatchObject(summary);
    const command = await commandOf(summary.id, 'start-debate.v1');
    expect(command).toMatchObject({ id: `start/${summary.id}`, source: 'gateway', traceparent });
    expect(command.data).toMatchObject({ topic, maxRounds: 8, minRounds: 2, deadlineSeconds: 3600 });
  });

  test('Every documented setting of a debate is carried in its command.', async () => {
    const body = {
      topic: '人工智能会取代工作吗？',
      maxRounds: 3,
      minRounds: 1,
      sides: { pro: { model: 'qwen3:4b', persona: 'An economist.' }, con: { persona: 'A union leader.' } },
      deadlineSeconds: 60,
      tokenBudget: 5000,
      stopWhenRedundant: false,
      checks: { embedding: true, claims: false, opinion: true, stance: false, topic: true },
    };
    const { id } = (await gateway.post('/v1/debates', body)).json as DebateSummary;
    expect((await commandOf(id, 'start-debate.v1')).data).toEqual(body);
  });

  test.each([
    ['an unknown field', { topic, rounds: 3 }, ['rounds']],
    ['an unknown field inside', { topic, sides: { pro: { mood: 'angry' } } }, ['sides.pro.mood']],
    ['no topic', {}, ['topic']],
    ['an empty topic', { topic: '' }, ['topic']],
    ['a topic of spaces', { topic: '   ' }, ['topic']],
    ['a huge topic', { topic: 'x'.repeat(501) }, ['topic']],
    ['a control character in the topic', { topic: 'a\u0007b' }, ['topic']],
    ['a line feed in the topic', { topic: 'a\nb' }, ['topic']],
    ['a NUL in the topic', { topic: 'a\u0000b' }, ['topic']],
    ['a direction mark in the topic', { topic: 'a\u202eb' }, ['topic']],
    ['half of a surrogate pair in the topic', { topic: 'a\ud800b' }, ['topic']],
    ['a NUL in a persona', { topic, sides: { con: { persona: 'a\u0000' } } }, ['sides.con.persona']],
    ['a topic that is no text', { topic: 7 }, ['topic']],
    ['several faults', { topic: '', maxRounds: 0, tokenBudget: 'much' }, ['topic', 'maxRounds', 'tokenBudget']],
    ['a check that there is none of', { topic, checks: { spelling: true } }, ['checks.spelling']],
    ['a check that is neither on nor off', { topic, checks: { topic: 'yes' } }, ['checks.topic']],
    ['too many rounds', { topic, maxRounds: 33 }, ['maxRounds']],
    ['minRounds above maxRounds', { topic, maxRounds: 2, minRounds: 3 }, ['minRounds']],
    ['a list', [], ['body']],
  ])('%s is answered with 400 that names the field.', async (_name, body, fields) => {
    const debatesBefore = await count('debate');
    const reply = await gateway.post('/v1/debates', body);
    expect([reply.status, fieldsOf(reply)]).toEqual([400, fields]);
    expect(problemSchema.parse(reply.json)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(await count('debate')).toBe(debatesBefore);
  });

  test('Malformed JSON and JSON that is no object are 400.', async () => {
    for (const body of ['{"topic":', 'null', '"tea"']) {
      const reply = await gateway.post('/v1/debates', body);
      expect([reply.status, problemOf(reply).code]).toEqual([400, 'BAD_REQUEST']);
    }
    expect((await gateway.post('/v1/debates', '')).status).toBe(400);
  });

  test('A body of another type is 400 that names Content-Type, also where the body may be left out.', async () => {
    const id = await gateway.debate();
    for (const path of ['/v1/debates', `/v1/debates/${id}/cancel`]) {
      const reply = await gateway.post(path, 'topic=tea', { 'content-type': 'text/plain' });
      expect([reply.status, fieldsOf(reply)]).toEqual([400, ['Content-Type']]);
    }
  });

  test('A body of 64 kB is read, one byte more is 413.', async () => {
    const of = (bytes: number) => {
      const empty = JSON.stringify({ topic, pad: '' });
      return JSON.stringify({ topic, pad: 'x'.repeat(bytes - empty.length) });
    };
    expect(fieldsOf(await gateway.post('/v1/debates', of(64 * 1024)))).toEqual(['pad']);
    const reply = await gateway.post('/v1/debates', of(64 * 1024 + 1));
    expect([reply.status, problemOf(reply).code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('A 202 is sent after the commit, and what it acknowledges is then in the database.', async () => {
    const held = gate();
    const reached = gate();
    beforeCommit = () => {
      reached.open();
      return held.passed;
    };
    let isAnswered = false;
    const asked = gateway.post('/v1/debates', { topic: 'Held back' }).finally(() => {
      isAnswered = true;
    });
    await reached.passed;
    beforeCommit = async () => {};
    if (kind.name === 'Postgres') expect(await count('debate', "topic = 'Held back'")).toBe(0);
    expect(isAnswered).toBe(false);
    held.open();
    const { id } = (await asked).json as DebateSummary;
    expect(await count('debate', `id = '${id}'`)).toBe(1);
  });

  test('A command whose commit fails is not acknowledged and leaves nothing.', async () => {
    beforeCommit = async () => {
      throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
    };
    const reply = await gateway.post('/v1/debates', { topic: 'Lost' }, { 'idempotency-key': 'lost' });
    beforeCommit = async () => {};
    expect([reply.status, problemOf(reply).code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(await count('debate', "topic = 'Lost'")).toBe(0);
    expect((await gateway.post('/v1/debates', { topic: 'Lost' }, { 'idempotency-key': 'lost' })).status).toBe(202);
  });

  describe('Idempotency-Key', () => {
    test('The same key and body get the same answer and start one debate.', async () => {
      const ask = (body: object) => gateway.post('/v1/debates', body, { 'idempotency-key': 'same' });
      const first = await ask({ topic: 'Once', maxRounds: 2 });
      const again = await ask({ maxRounds: 2, topic: 'Once' });
      expect([again.status, again.text]).toEqual([202, first.text]);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(await count('debate', "topic = 'Once'")).toBe(1);
    });

    test('The same key with another body is 422.', async () => {
      const headers = { 'idempotency-key': 'reused' };
      await gateway.post('/v1/debates', { topic }, headers);
      const reply = await gateway.post('/v1/debates', { topic: 'Another' }, headers);
      expect([reply.status, problemOf(reply).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    });

    test('The same key on another route is another key.', async () => {
      const headers = { 'idempotency-key': 'two-routes' };
      const { id } = (await gateway.post('/v1/debates', { topic }, headers)).json as DebateSummary;
      expect((await gateway.post(`/v1/debates/${id}/cancel`, {}, headers)).status).toBe(202);
    });

    test('Requests at once with one key start one debate.', async () => {
      const ask = () => gateway.post('/v1/debates', { topic: 'At once' }, { 'idempotency-key': 'at-once' });
      const replies = await Promise.all(Array.from({ length: 8 }, ask));
      for (const { status } of replies) expect([202, 409]).toContain(status);
      expect(replies.some(({ status }) => status === 202)).toBe(true);
      expect(await count('debate', "topic = 'At once'")).toBe(1);
      expect((await ask()).status).toBe(202);
    });

    test.each([
      ['empty', ''],
      ['too long', 'k'.repeat(201)],
      ['not ASCII', 'cl\u00e9'],
      ['with a space', 'a b'],
    ])('A key that is %s is 400 that names the header.', async (_name, key) => {
      const reply = await gateway.post('/v1/debates', { topic }, { 'idempotency-key': key });
      expect([reply.status, fieldsOf(reply)]).toEqual([400, ['Idempotency-Key']]);
    });

    (kind.name === 'Postgres' ? test : test.skip)('A key that is being handled elsewhere is 409.', async () => {
      const ask = () => gateway.post('/v1/debates', { topic }, { 'idempotency-key': 'in-flight' });
      await database.other.transaction(async (tx) => {
        const name = 'gateway/idempotency/POST /v1/debates in-flight';
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
        const reply = await ask();
        expect([reply.status, problemOf(reply).code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_FLIGHT']);
      });
      expect((await ask()).status).toBe(202);
    });
  });

  describe('Cancel', () => {
    test.each([
      ['pause', 'pause-debate.v1', {}],
      ['resume', 'resume-debate.v1', {}],
      ['notes', 'add-note.v1', { text: 'Please speak about costs, 请谈谈成本.' }],
    ])('%s becomes one command, however often it is asked for with one key.', async (word, type, body) => {
      const id = await gateway.debate();
      for (const _ of [1, 2]) {
        const reply = await gateway.post(`/v1/debates/${id}/${word}`, body, {
          'idempotency-key': `${word} of ${id}`.replaceAll(' ', '-'),
        });
        expect([reply.status, reply.json]).toEqual([202, { id, status: 'accepted' }]);
      }
      expect((await commandOf(id, type)).data).toEqual(body);
      await commandOf(id, type);
      expect(gateway.commands.filter((one) => one.subject === id && one.type === type)).toHaveLength(1);
    });

    test('Pause, resume and notes have nothing to say to a debate that is over, or of nobody.', async () => {
      const id = await gateway.debate();
      await publish(gateway.bus, factsOf(id, 2));
      await until('it is closed', async () => (await count('debate', `id = '${id}' and status = 'closed'`)) === 1);
      for (const [word, body] of [
        ['pause', {}],
        ['resume', {}],
        ['notes', { text: 'Too late.' }],
      ] as const) {
        const late = await gateway.post(`/v1/debates/${id}/${word}`, body);
        expect([late.status, problemOf(late).code]).toEqual([409, 'ALREADY_CLOSED']);
        expect((await gateway.post(`/v1/debates/${unknownId}/${word}`, body)).status).toBe(404);
      }
    });

    test('A paused debate is shown as paused until it goes on.', async () => {
      const id = await gateway.debate();
      const [started] = factsOf(id, 0) as [Message];
      const then = (sequence: number, type: string, data: unknown): Message => ({
        ...started,
        id: `debate/${id}/${sequence}`,
        sequence,
        type,
        data,
      });
      const shown = (status: string) =>
        until(`it is ${status}`, async () => (await count('debate', `id = '${id}' and status = '${status}'`)) === 1);
      await publish(gateway.bus, [started, then(2, 'debate-paused.v1', { withdrawn: { round: 1, side: 'pro' } })]);
      await shown('paused');
      expect((await gateway.get(`/v1/debates/${id}`)).json).toMatchObject({ status: 'paused' });
      await publish(gateway.bus, [then(3, 'debate-resumed.v1', { next: null })]);
      await shown('debating');
    });

    test('A note is plain text of at most 1,000 characters; 400 names the field.', async () => {
      const id = await gateway.debate();
      for (const text of [undefined, '', '  ', 7, 'a\u0000b', 'a\u202eb', 'two\nlines', 'x'.repeat(1_001)]) {
        const reply = await gateway.post(`/v1/debates/${id}/notes`, { text });
        expect([reply.status, fieldsOf(reply)]).toEqual([400, ['text']]);
      }
      expect(fieldsOf(await gateway.post(`/v1/debates/${id}/notes`, { text: 'Hear!', to: 'pro' }))).toEqual(['to']);
      expect(fieldsOf(await gateway.post(`/v1/debates/${id}/pause`, { minutes: 3 }))).toEqual(['minutes']);
    });

    test('A running debate is cancelled by a command, with or without a reason.', async () => {
      const id = await gateway.debate();
      const reply = await gateway.post(`/v1/debates/${id}/cancel`, { reason: 'Enough.' });
      expect([reply.status, reply.json]).toEqual([202, { id, status: 'accepted' }]);
      expect(reply.headers.get('location')).toBe(`/v1/debates/${id}`);
      expect((await commandOf(id, 'cancel-debate.v1')).data).toEqual({ reason: 'Enough.' });
      const bare = await fetch(`${gateway.url}/v1/debates/${await gateway.debate()}/cancel`, { method: 'POST' });
      expect(bare.status).toBe(202);
    });

    test('An id in upper case is the same debate.', async () => {
      const id = await gateway.debate();
      const reply = await gateway.post(`/v1/debates/${id.toUpperCase()}/cancel`, {});
      expect((reply.json as DebateSummary).id).toBe(id);
      expect((await commandOf(id, 'cancel-debate.v1')).subject).toBe(id);
    });

    test('A closed debate is 409, an unknown one 404, a reason that is none 400.', async () => {
      const id = await gateway.debate();
      await publish(gateway.bus, factsOf(id, 1));
      const late = await gateway.post(`/v1/debates/${id}/cancel`, {});
      expect([late.status, problemOf(late).code]).toEqual([409, 'ALREADY_CLOSED']);
      const unknown = await gateway.post(`/v1/debates/${unknownId}/cancel`, {});
      expect([unknown.status, problemOf(unknown).code]).toEqual([404, 'NOT_FOUND']);
      for (const reason of ['', 'x'.repeat(501), 'a\u0000b']) {
        expect(fieldsOf(await gateway.post(`/v1/debates/${id}/cancel`, { reason }))).toEqual(['reason']);
      }
    });
  });
});
