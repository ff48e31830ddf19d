import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { topics } from '@parley/contracts';
import type { Database, Sql } from '@parley/spine';
import { gate, until } from '@parley/testkit';
import { useScope } from '@parley/testkit/scope.ts';
import fc from 'fast-check';
import { databases, type TestDatabase } from './databases.ts';
import { type EventReader, idsOf, oneTo, openEvents, type SentEvent } from './event-reader.ts';
import { deltaOf, factsOf, publish } from './fake-moderator.ts';
import { fieldsOf, type RunningGateway, startGateway } from './running-gateway.ts';

const scope = useScope();
const probe = 'Do you hear me?';

describe.each(databases)('The event stream over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  /** Runs before every statement that is a transaction by itself. */
  let beforeQuery: (text: string) => Promise<void> = async () => {};

  beforeAll(async () => {
    database = await kind.open();
    const query: Sql['query'] = async (text, values) => {
      await beforeQuery(text);
      return database.db.query(text, values);
    };
    const transaction: Database['transaction'] = (work, options) =>
      database.db.transaction(
        (tx) =>
          work({
            ...tx,
            async finish(text, values) {
              await beforeQuery(text);
              return tx.finish(text, values);
            },
          }),
        options,
      );
    const db: Database = { ...database.db, query, transaction };
    gateway = await startGateway(db);
  });
  afterAll(async () => {
    await until('no watcher is left', () => gateway.watchers() === 0);
    await gateway.stop();
    await database.close();
  });

  /** Has something run before every such statement, for as long as the test is not over. */
  function before(run: (text: string) => Promise<void>, release: () => void = () => {}): () => Promise<void> {
    beforeQuery = run;
    return scope.own('What runs before a statement', () => {
      beforeQuery = async () => {};
      release();
    });
  }
  function connected(): Socket {
    const socket = connect(gateway.port, '127.0.0.1');
    scope.own('The bare connection', () => socket.destroy());
    return socket;
  }
  const say = (id: string, number: number, text: string) =>
    gateway.bus.broadcast(topics.deltas.name, deltaOf(id, number, text));
  /** Deltas are for who has caught up: resolves when one gets through. */
  async function untilHearing(id: string, reader: EventReader): Promise<void> {
    let isHeard = false;
    const heard = reader.next().then((one) => {
      isHeard = one?.event === 'delta';
    });
    await until('a delta gets through', () => {
      if (!isHeard) say(id, 0, probe);
      return isHeard;
    });
    await heard;
  }
  async function nextBut(reader: EventReader, skipped: string): Promise<SentEvent | undefined> {
    for (;;) {
      const one = await reader.next();
      if (one?.event !== 'delta' || JSON.parse(one.data).text !== skipped) return one;
    }
  }

  test('The whole log comes as ids 1..n, each with its type and data, and the stream ends after the last.', async () => {
    const id = await gateway.debate();
    const facts = factsOf(id, 3);
    await publish(gateway.bus, facts);
    const reader = await openEvents(gateway.url, id);
    expect(reader.status).toBe(200);
    expect(reader.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(reader.headers.get('cache-control')).toBe('no-store');
    const events = await reader.rest();
    expect(events.map(({ id: seq, event, data }) => ({ seq, event, data: JSON.parse(data) }))).toEqual(
      facts.map(({ sequence, type, time, data }) => ({
        seq: String(sequence),
        event: type,
        data: { seq: sequence, type, at: time, data },
      })),
    );
  });

  test('An event names the trace it was decided in, live and from the log, and none where there was none.', async () => {
    const id = await gateway.debate();
    const traced = factsOf(id, 1).map((fact, i) =>
      i === 0 ? fact : { ...fact, traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` },
    );
    const live = await openEvents(gateway.url, id);
    const hearing = live.rest();
    await publish(gateway.bus, traced);
    const read = await (await openEvents(gateway.url, id)).rest();
    for (const events of [await hearing, read]) {
      const [first, ...others] = events.filter(({ id: seq }) => seq !== undefined).map(({ data }) => JSON.parse(data));
      expect(first).not.toHaveProperty('traceId');
      expect(others.length).toBeGreaterThan(2);
      for (const event of others) expect(event).toMatchObject({ traceId: 'ab'.repeat(16) });
    }
  });

  test.each([
    ['?after=', { after: 2 }],
    ['Last-Event-ID', { lastEventId: 2 }],
    ['Last-Event-ID over ?after=', { after: 1, lastEventId: 2 }],
    ['?after= where Last-Event-ID is empty', { after: 2, lastEventId: '' }],
  ])('A reader resumes with %s.', async (_name, options) => {
    const id = await gateway.debate();
    await publish(gateway.bus, factsOf(id, 2));
    expect(idsOf(await (await openEvents(gateway.url, id, options)).rest())).toEqual([3, 4, 5, 6]);
  });

  test('A reader that has the last event of a closed debate is told with 204 that nothing follows.', async () => {
    const id = await gateway.debate();
    await publish(gateway.bus, factsOf(id, 2));
    for (const lastEventId of [6, 99]) {
      const reader = await openEvents(gateway.url, id, { lastEventId });
      expect([reader.status, await reader.rest()]).toEqual([204, []]);
    }
  });

  test.each([
    ['?after=-1', {}, ['after']],
    ['?after=tea', {}, ['after']],
    ['?after=1.5', {}, ['after']],
    ['?after=99999999999', {}, ['after']],
    ['?from=1', {}, ['from']],
    ['', { 'last-event-id': 'tea' }, ['Last-Event-ID']],
    ['', { 'last-event-id': '99999999999' }, ['Last-Event-ID']],
  ])('A position that is none is 400 that names it: %s %j.', async (query, headers, fields) => {
    const reply = await gateway.get(`/v1/debates/${await gateway.debate()}/events${query}`, headers);
    expect([reply.status, fieldsOf(reply)]).toEqual([400, fields]);
  });

  test('Events reach a reader that waits, once, however often they are delivered.', async () => {
    const id = await gateway.debate();
    const reader = await openEvents(gateway.url, id.toUpperCase());
    const facts = factsOf(id, 6);
    const all = reader.rest();
    for (const [i, one] of facts.entries()) await publish(gateway.bus, [one, ...facts.slice(Math.max(0, i - 3), i)]);
    expect(idsOf(await all)).toEqual(oneTo(facts.length));
  });

  test('Events that another replica projected are found by polling.', async () => {
    const id = await gateway.debate();
    const reader = await openEvents(gateway.url, id);
    const facts = factsOf(id, 1);
    await database.other.query(
      `insert into gateway.stream_event (stream_id, seq, type, data, at)
       select subject, sequence, type, data, time from json_to_recordset($1::json)
         as x(subject uuid, sequence integer, type text, data json, time timestamptz)`,
      [JSON.stringify(facts)],
    );
    expect(idsOf(await reader.rest())).toEqual(oneTo(5));
  });

  test('However a reader is cut off while events arrive twice and in bursts, it gets exactly 1..n in order.', async () => {
    let cuts = 0;
    const run = async (bursts: number[], stops: number[], isHeader: boolean): Promise<void> => {
      const id = await gateway.debate();
      const facts = factsOf(id, 6);
      const publishing = (async () => {
        for (let at = 0, i = 0; at < facts.length; i++) {
          const size = bursts[i % bursts.length] ?? 1;
          await publish(gateway.bus, facts.slice(Math.max(0, at - 1), at + size));
          at += size;
        }
      })();
      const got: SentEvent[] = [];
      let isEnded = false;
      for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
        const last = idsOf(got).at(-1) ?? 0;
        const reader = await openEvents(gateway.url, id, isHeader ? { lastEventId: last } : { after: last });
        for (let n = 0; n < stop; n++) {
          const one = await reader.next();
          isEnded = one === undefined;
          if (one === undefined) break;
          got.push(one);
        }
        reader.leave();
        if (isEnded) break;
        cuts++;
      }
      await publishing;
      expect(idsOf(got)).toEqual(oneTo(facts.length));
    };
    const few = { minLength: 1, maxLength: 5 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), few),
        fc.array(fc.integer({ min: 0, max: 4 }), few),
        fc.boolean(),
        run,
      ),
      { numRuns: 200 },
    );
    expect(cuts).toBeGreaterThan(200);
  });

  test('Deltas come without id and in between, and are not repeated to who resumes.', async () => {
    const id = await gateway.debate();
    const reader = await openEvents(gateway.url, id);
    const facts = factsOf(id, 1);
    await publish(gateway.bus, facts.slice(0, 1));
    expect((await reader.next())?.id).toBe('1');
    await untilHearing(id, reader);
    say(id, 0, 'Tea ');
    say(id, 4, 'wins.');
    for (const text of ['Tea ', 'wins.']) {
      const delta = await nextBut(reader, probe);
      expect([delta?.id, delta?.event]).toEqual([undefined, 'delta']);
      expect(JSON.parse(delta?.data ?? '')).toMatchObject({ round: 1, side: 'pro', text });
    }
    await publish(gateway.bus, facts.slice(1));
    expect(idsOf(await reader.rest())).toEqual([2, 3, 4, 5]);
    const again = await (await openEvents(gateway.url, id)).rest();
    expect(again.every(({ event }) => event !== 'delta')).toBe(true);
  });

  test('A reader that does not read loses deltas, and no event.', async () => {
    const id = await gateway.debate();
    const facts = factsOf(id, 2);
    const socket = connected().pause();
    socket.write(`GET /v1/debates/${id}/events HTTP/1.0\r\nHost: localhost\r\n\r\n`);
    await until('it is connected', () => gateway.watchers() === 1);
    const piece = 'x'.repeat(64 * 1024);
    const sent = 400;
    const other = await openEvents(gateway.url, id);
    await untilHearing(id, other);
    for (let i = 0; i < sent; i++) {
      say(id, i, piece);
      expect((await nextBut(other, probe))?.event).toBe('delta');
    }
    await publish(gateway.bus, facts);
    expect(idsOf(await other.rest())).toEqual(oneTo(6));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    expect([...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))).toEqual(oneTo(6));
    expect(text.split(piece).length - 1).toBeLessThan(sent);
  });

  test('A reader that leaves is forgotten, also while its request is still looked at.', async () => {
    const id = await gateway.debate();
    const readers = await Promise.all([0, 1, 2].map(() => openEvents(gateway.url, id)));
    await until('three watch', () => gateway.watchers() === 3);
    for (const reader of readers) reader.leave();
    await until('nobody watches', () => gateway.watchers() === 0);

    const held = gate();
    const reached = gate();
    const release = before(async (text) => {
      if (!/"gateway"\.stream_listing where id/.test(text)) return;
      reached.open();
      await held.passed;
    }, held.open);
    const socket = connected();
    socket.write(`GET /v1/debates/${id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await reached.passed;
    const gone = () =>
      gateway.registry
        .metrics()
        .then((text) => /route="\/v1\/debates\/:id\/events",status="aborted",audience="product"\} 1/.test(text));
    socket.destroy();
    await until('the server has noticed', gone);
    await release();
    await gateway.get(`/v1/debates/${id}`);
    expect(gateway.watchers()).toBe(0);
  });

  test('HEAD tells about the stream and does not wait for its end.', async () => {
    const response = await fetch(`${gateway.url}/v1/debates/${await gateway.debate()}/events`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(gateway.watchers()).toBe(0);
  });

  test('A fault of the database in the middle of a stream leaves no gap.', async () => {
    const id = await gateway.debate();
    const reader = await openEvents(gateway.url, id);
    const facts = factsOf(id, 3);
    await publish(gateway.bus, facts.slice(0, 1));
    expect((await reader.next())?.id).toBe('1');
    let failures = 0;
    const mend = before(async (text) => {
      // Its readers alone: what cannot be written for such a reason is buried.
      if (!/^\s*select\b.*stream_event/s.test(text)) return;
      failures++;
      throw new Error('gone');
    });
    await until('reading has failed', () => failures > 1);
    await publish(gateway.bus, facts.slice(1, 3));
    await mend();
    await publish(gateway.bus, facts.slice(3));
    expect(idsOf(await reader.rest())).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('The event stream of an idle debate', () => {
  test('beats its heart as a comment.', async () => {
    const [kind] = databases;
    const database = await kind?.open();
    if (database === undefined) throw new Error('there is a database');
    const gateway = await startGateway(database.db, { heartbeatMs: 5 });
    const reader = await openEvents(gateway.url, await gateway.debate());
    expect(await reader.next()).toEqual({ id: undefined, event: ':', data: 'heartbeat' });
    expect((await reader.next())?.event).toBe(':');
    reader.leave();
    await gateway.stop();
    await database.close();
  });
});
