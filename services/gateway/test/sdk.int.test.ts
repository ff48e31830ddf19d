import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { topics } from '@parley/contracts';
import { createParley, type FollowedEvent } from '@parley/sdk';
import { until } from '@parley/testkit';
import { useScope } from '@parley/testkit/scope.ts';
import { databases, type TestDatabase } from './databases.ts';
import { deltaOf, factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const scope = useScope();

describe.each(databases)('The SDK, over $name', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  /** The address stays when another process has taken over; what it leads to is decided at each request. */
  const url = 'http://parley.test';
  const parley = () => createParley({ url, fetch: (to, init) => fetch(String(to).replace(url, gateway.url), init) });

  test('has a function for every route.', async () => {
    const { debates, replays, usage } = parley();
    const { id } = await debates.start({ topic: 'Tea is better than coffee', maxRounds: 2 });
    await expect(debates.pause(id)).resolves.toEqual({ id, status: 'accepted' });
    await expect(debates.resume(id)).resolves.toMatchObject({ id });
    await expect(debates.addNote(id, 'Speak about costs.')).resolves.toMatchObject({ id });
    await expect(debates.cancel(id, { reason: 'enough' })).resolves.toMatchObject({ id });
    await until('all commands are out', () => gateway.commands.length === 5);
    expect(gateway.commands.map(({ type }) => type)).toEqual([
      'start-debate.v1',
      'pause-debate.v1',
      'resume-debate.v1',
      'add-note.v1',
      'cancel-debate.v1',
    ]);
    await publish(gateway.bus, factsOf(id, 4));
    await expect(debates.get(id)).resolves.toMatchObject({ status: 'closed', lastSequence: 8 });
    const second = await debates.start({ topic: 'Another' });
    const page = await debates.list({ limit: 1 });
    expect([page.debates.map((debate) => debate.id), page.next]).toEqual([[second.id], second.id]);
    const replay = await replays.start(id, { judge: { panel: 3 } });
    await expect(replays.get(id, replay.id)).resolves.toMatchObject({ status: 'accepted', debate: id });
    await expect(replays.list(id)).resolves.toMatchObject({ replays: [{ id: replay.id }] });
    await expect(usage({ groupBy: 'agent' })).resolves.toMatchObject({ groupBy: 'agent' });
    await expect(debates.cancel(id)).rejects.toMatchObject({ code: 'ALREADY_CLOSED' });
  });

  test('asks once, however often it has to ask.', async () => {
    let cuts = 2;
    const flaky: typeof fetch = async (to, init) => {
      const response = await fetch(String(to).replace(url, gateway.url), init);
      if (cuts === 0) return response;
      cuts -= 1;
      throw new TypeError('The answer was lost on its way.');
    };
    const { id } = await createParley({ url, fetch: flaky }).debates.start({ topic: 'Once' });
    const { debates } = await parley().debates.list();
    expect(debates.filter(({ topic }) => topic === 'Once').map((debate) => debate.id)).toEqual([id]);
  });

  test('follows a debate over a restart of the gateway: each number once, in order.', async () => {
    const { debates } = parley();
    const { id } = await debates.start({ topic: 'Tea' });
    const facts = factsOf(id, 6);
    const seen: FollowedEvent[] = [];
    const leaving = new AbortController();
    const following = (async () => {
      for await (const event of debates.follow(id, { signal: leaving.signal })) seen.push(event);
    })();
    scope.own('The follower', () => {
      leaving.abort();
      return following.catch(() => undefined);
    });
    await publish(gateway.bus, facts.slice(0, 3));
    await until('three events are there', () => seen.length === 3);
    gateway.bus.broadcast(topics.deltas.name, deltaOf(id, 0, 'Te'));
    await until('the piece is there', () => seen.length === 4);
    await gateway.stop();
    gateway = await startGateway(database.db);
    await publish(gateway.bus, facts);
    await following;
    expect(seen.map((event) => (event.type === 'delta' ? event.data.text : event.seq))).toEqual([
      1,
      2,
      3,
      'Te',
      ...[4, 5, 6, 7, 8, 9, 10],
    ]);
  });
});
