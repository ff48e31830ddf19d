import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deadLetterTopic, topics } from '@parley/contracts';
import { auditPage, type DeadLetterView, deadLetterDetail, deadLetterPage } from '@parley/contracts/http';
import { createDeadLetters, silentLogger } from '@parley/runtime';
import { until } from '@parley/testkit';
import { openDeadLetterOffice } from '../src/operator.ts';
import { bearer, credentialsOf, type Headers, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { bury, letterOf } from './fake-moderator.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('Dead letters over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let as: (tenant: string) => Headers;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    as = await credentialsOf(database.db, 'acme', 'umbrella', 'default', 'pages');
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  async function page(tenant: string, query = ''): Promise<{ letters: DeadLetterView[]; next: string | null }> {
    return deadLetterPage.parse((await gateway.get(`/v1/dead-letters${query}`, as(tenant))).json);
  }
  const named = async (tenant: string, letter: string) =>
    (await page(tenant, '?limit=100')).letters.find((one) => one.letter === letter);

  test('one is shown with what it was, sent again to its topic, and that is written down', async () => {
    const letter = letterOf('acme', 1);
    await bury(gateway.bus, [letter, letter]);
    const found = await named('acme', letter.id);
    expect(found).toMatchObject({
      service: 'moderator',
      topic: topics.debateCommands.name,
      reason: 'type is unknown to this build',
      stuck: null,
      replayedAt: null,
    });
    const at = `/v1/dead-letters/${found?.id}`;
    const detail = deadLetterDetail.parse((await gateway.get(at, as('acme'))).json);
    const original = JSON.parse(detail.original);
    expect(original).toMatchObject({ id: 'cancel/1', tenant: 'acme' });

    const key = { ...as('acme'), 'Idempotency-Key': randomUUID() };
    const sent = await gateway.post(`${at}/replay`, {}, key);
    expect([sent.status, sent.json]).toMatchObject([202, { id: found?.id, topic: topics.debateCommands.name }]);
    expect((await gateway.post(`${at}/replay`, {}, key)).json).toEqual(sent.json);
    await until('it is sent', () => gateway.commands.some(({ id }) => id === original.id));
    expect(gateway.commands.filter(({ id }) => id === original.id)).toEqual([original]);
    expect((await named('acme', letter.id))?.replayedAt).toEqual(expect.any(String));
    const audit = await gateway.get('/v1/audit', as('acme'));
    expect(audit.text).toContain(`"action":"dead-letter.replay","target":"${found?.id}"`);
  });

  test('one that an operator sends again at the command line is in the audit log and shown as sent', async () => {
    const letter = letterOf('acme', 20);
    await bury(gateway.bus, [letter]);
    const { topic, original } = letter.data as { topic: string; original: string };
    const sent = { tenant: 'acme', subject: 'cli:somebody', letter: letter.id, original, topic };
    await openDeadLetterOffice(database.db).record(sent);
    // Of one that this gateway never had, the log is all there is.
    await openDeadLetterOffice(database.db).record({ ...sent, letter: 'dead/elsewhere' });
    expect((await named('acme', letter.id))?.replayedAt).toEqual(expect.any(String));
    const { entries } = auditPage.parse((await gateway.get('/v1/audit', as('acme'))).json);
    expect(entries.filter((one) => one.subject === sent.subject)).toMatchObject([
      { action: 'dead-letter.replay', target: letter.id, outcome: 'ok', detail: topic },
      { action: 'dead-letter.replay', target: 'dead/elsewhere' },
    ]);
  });

  test('nobody sees those of another tenant, nor those of which nobody can tell whose they were', async () => {
    const mine = letterOf('acme', 2);
    const { tenant: _, ...cut } = letterOf('acme', 3);
    await bury(gateway.bus, [mine, { ...cut, data: { ...(cut.data as object), original: '{"tenant":"ac' } }]);
    const found = await named('acme', mine.id);
    expect(await named('umbrella', mine.id)).toBeUndefined();
    expect((await gateway.get(`/v1/dead-letters/${found?.id}`, as('umbrella'))).status).toBe(404);
    expect((await gateway.post(`/v1/dead-letters/${found?.id}/replay`, {}, as('umbrella'))).status).toBe(404);
    for (const tenant of ['acme', 'umbrella', 'default']) expect(await named(tenant, cut.id)).toBeUndefined();
    const reader = bearer(await keyFor(database.db, 'acme', ['read', 'write']));
    expect(problemOf(await gateway.get('/v1/dead-letters', reader))).toMatchObject({ status: 403 });
  });

  test('a message that was cut, and one for a topic that there is not, stay: 422 says why', async () => {
    const [cut, elsewhere] = [letterOf('acme', 4), letterOf('acme', 5)];
    await bury(gateway.bus, [
      { ...cut, data: { ...(cut.data as object), original: '{"id":"1' } },
      { ...elsewhere, data: { ...(elsewhere.data as object), topic: 'somebody.elses' } },
    ]);
    for (const [letter, why] of [
      [cut, 'was cut'],
      [elsewhere, 'no topic somebody.elses'],
    ] as const) {
      const found = await named('acme', letter.id);
      expect(found?.stuck).toContain(why);
      const reply = await gateway.post(`/v1/dead-letters/${found?.id}/replay`, {}, as('acme'));
      expect(problemOf(reply)).toMatchObject({ status: 422, code: 'NOT_REPLAYABLE' });
      expect(problemOf(reply).detail).toContain(why);
    }
  });

  test('what a service buries is kept before the message is acknowledged, whatever it holds', async () => {
    const topic = topics.debaterEvents.name;
    const place = { topic, partition: 0, offset: '9' };
    const dead = createDeadLetters({ bus: gateway.bus, group: 'moderator', logger: silentLogger });
    await dead.record(place, { key: null, headers: { ce_tenant: 'acme' }, value: 'a\0b \ud800' }, 'value is not JSON');
    expect(await named('acme', `dead/moderator/${topic}/0/9`)).toMatchObject({
      stuck: expect.stringContaining('ce_specversion'),
    });
    // A later run of the embedded bus counts its places anew: another letter, not the same.
    await dead.record(place, { key: null, headers: { ce_tenant: 'acme' }, value: '{' }, 'value is not JSON');
    expect((await page('acme', '?limit=100')).letters.filter((one) => one.topic === topic)).toHaveLength(2);
  });

  test('what lies there and is no letter holds up nothing', async () => {
    await gateway.bus.publish(deadLetterTopic(topics.debateCommands.name), [
      { ...letterOf('acme', 6), data: { reason: 'none' } },
    ]);
    const next = letterOf('acme', 7);
    await bury(gateway.bus, [next]);
    expect(await named('acme', next.id)).toBeDefined();
  });

  test('pages hold each of them once, newest first', async () => {
    await bury(
      gateway.bus,
      Array.from({ length: 7 }, (_, i) => letterOf('pages', 100 + i)),
    );
    const seen: string[] = [];
    for (let cursor: string | null | undefined = undefined; cursor !== null; ) {
      const { letters, next } = await page('pages', `?limit=3${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      seen.push(...letters.map(({ id }) => id));
      cursor = next;
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });
});
