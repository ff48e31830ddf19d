import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DebateSummary } from '@parley/contracts/debate';
import { credentialsOf, type Headers } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

/** A debate that was started elsewhere: by another gateway whose database is gone, or from a topic that is read anew. */
describe.each(databases)('A debate that is first seen by its events over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let as: (tenant: string) => Headers;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    as = await credentialsOf(database.db, 'acme', 'default');
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  test.each([
    ['acme', 'default'],
    ['default', 'acme'],
  ])('belongs to %s, whose events they are, and %s does not find it', async (owner, other) => {
    const id = randomUUID();
    await publish(
      gateway.bus,
      factsOf(id, 1).map((message) => ({ ...message, tenant: owner })),
    );
    const listed = async (tenant: string) =>
      ((await gateway.get('/v1/debates', as(tenant))).json as { debates: DebateSummary[] }).debates.map(
        (one) => one.id,
      );
    for (const path of [`/v1/debates/${id}`, `/v1/debates/${id}/events`]) {
      expect([path, (await gateway.get(path, as(owner))).status]).toEqual([path, 200]);
      expect([path, (await gateway.get(path, as(other))).status]).toEqual([path, 404]);
    }
    expect(await listed(owner)).toContain(id);
    expect(await listed(other)).not.toContain(id);
    const rows = await database.other.query<{ tenant: string }>(
      `select tenant from gateway.stream_listing where id = $1 union all
       select distinct tenant from gateway.stream_event where stream_id = $1`,
      [id],
    );
    expect(rows.map(({ tenant }) => tenant)).toEqual([owner, owner]);
  });
});
