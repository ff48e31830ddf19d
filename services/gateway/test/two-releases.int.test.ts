import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, grantApp, migrate, openPostgres } from '@parley/spine';
import { gatewaySchema } from '../src/schema.ts';
import { eventStore } from '../src/streams/event-store.ts';
import { streamStore } from '../src/streams/stream-store.ts';
import { databases, type TestDatabase } from './databases.ts';

/** The last migration before the log of all kinds. */
const lastBefore = '0016';
const at = '2026-01-02T03:04:05.678Z';

/** Statements of the release before, as it has them. */
const before = {
  append: `insert into gateway.debate_event as e (debate_id, tenant, seq, type, data, at, trace_id)
    select debate_id, tenant, seq, type, data::json, at, trace_id
    from unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
      as x(debate_id, tenant, seq, type, data, at, trace_id)
    where not exists (select from gateway.debate_event k where k.debate_id = x.debate_id and k.seq = x.seq)
    returning e.debate_id || '/' || e.seq as name`,
  accept: `insert into gateway.debate (id, tenant, topic, topic_folded, status, max_rounds, created_at)
    values ($1, 'default', $2, lower($2), 'accepted', 4, clock_timestamp()) returning id, topic, status, max_rounds`,
  apply: `insert into gateway.debate as d (id, topic, status, max_rounds, created_at, closed_at, stop_reason, also_true, detail,
      verdict, tenant, topic_folded)
    values ($1, 'Tea', 'closed', 4, $2, $2, 'redundant', '["max_rounds"]', null, $3, 'default', 'tea')
    on conflict (id) do update set status = excluded.status, closed_at = coalesce(excluded.closed_at, d.closed_at),
      stop_reason = coalesce(excluded.stop_reason, d.stop_reason), also_true = coalesce(excluded.also_true, d.also_true),
      detail = coalesce(excluded.detail, d.detail), verdict = coalesce(excluded.verdict, d.verdict)`,
  find: `select topic, status, max_rounds, stop_reason, also_true, detail, verdict ->> 'outcome' as outcome
    from gateway.debate where id = $1 and tenant = 'default'`,
  replay: `insert into gateway.replay (id, tenant, debate_id, status, rules, created_at)
    values ($1, 'default', $2, 'accepted', '{"stop":{"maxRounds":2}}', clock_timestamp()) returning id, status, rules`,
  finish: `update gateway.replay set status = 'finished', finished_at = $2, result = '{"tokensSaved":7}', reason = null
    where id = $1 and finished_at is null returning id`,
  findReplay: 'select debate_id, status, rules, result, reason from gateway.replay where id = $1',
} as const;

describe.each(databases)('The release before, on a schema that is migrated already, over $name', (kind) => {
  let database: TestDatabase;
  let app: Database;
  const folder = mkdtempSync(join(tmpdir(), 'parley-migrations-'));
  const role = { name: `before_${randomUUID().slice(0, 8)}`, password: randomUUID() };
  const old = { debate: randomUUID(), replay: randomUUID() };
  const streams = streamStore('gateway');
  const events = eventStore('gateway');
  const ask = <Row>(text: string, values: readonly unknown[]): Promise<Row[]> =>
    app.transaction(async (tx) => {
      await tx.query(`select set_config('parley.tenant', '*', true)`);
      return tx.query<Row>(text, values);
    });
  const inNew = <T>(work: (tx: Parameters<Parameters<Database['transaction']>[0]>[0]) => Promise<T>): Promise<T> =>
    app.transaction(async (tx) => {
      await tx.query(`select set_config('parley.tenant', '*', true)`);
      return work(tx);
    });

  beforeAll(async () => {
    database = await kind.open();
    for (const file of readdirSync(gatewaySchema.dir as string)) {
      if (file.slice(0, 4) <= lastBefore) cpSync(join(gatewaySchema.dir as string, file), join(folder, file));
    }
    await migrate(database.db, { schema: 'gateway', dir: folder });
    app = database.db;
    if (database.url !== undefined) {
      await grantApp(database.db, { schema: 'gateway', dir: folder, appendOnly: ['debate_event', 'audit'] }, role);
      const url = Object.assign(new URL(database.url), { username: role.name, password: role.password }).href;
      app = openPostgres({ url, poolSize: 2 });
    }
    await ask(before.accept, [old.debate, 'Tea']);
    await ask(before.replay, [old.replay, old.debate]);
    // Without the rights that the job gives after it.
    await migrate(database.db, gatewaySchema);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    if (database.url !== undefined) {
      await app.close();
      await database.db.query(`drop owned by ${role.name}; drop role ${role.name}`);
    }
    await database.close();
  });

  test('finds what it had, and this release finds it, too', async () => {
    expect(await ask(before.find, [old.debate])).toMatchObject([{ topic: 'Tea', status: 'accepted', max_rounds: 4 }]);
    expect(await ask(before.findReplay, [old.replay])).toMatchObject([{ debate_id: old.debate, status: 'accepted' }]);
    await inNew(async (tx) => {
      const [debate] = await streams.page(tx, 'default', 5, { kinds: ['debate'] });
      expect(debate).toMatchObject({
        id: old.debate,
        title: 'Tea',
        summary: { maxRounds: 4, alsoTrue: [], verdict: null },
      });
      const [replay] = await streams.children(tx, 'default', 'replay', old.debate, 5);
      expect(replay).toMatchObject({ id: old.replay, title: 'Tea', summary: { rules: { stop: { maxRounds: 2 } } } });
    });
  });

  test('writes debates, events and replays that this release reads', async () => {
    const [id, replay] = [randomUUID(), randomUUID()];
    await ask(before.accept, [id, 'Coffee']);
    const event = [[id], ['default'], [1], ['debate-started.v1'], ['{"topic":"Coffee"}'], [at], [null]];
    expect(await ask(before.append, event)).toEqual([{ name: `${id}/1` }]);
    expect(await ask(before.append, event)).toEqual([]);
    await ask(before.apply, [id, at, '{"outcome":"pro"}']);
    await ask(before.replay, [replay, id]);
    expect(await ask(before.finish, [replay, at])).toEqual([{ id: replay }]);
    await inNew(async (tx) => {
      expect(await streams.find(tx, 'default', 'debate', id)).toMatchObject({
        status: 'closed',
        closedAt: at,
        summary: { stopReason: 'redundant', alsoTrue: ['max_rounds'], verdict: { outcome: 'pro' } },
      });
      expect(await events.after(tx, 'default', id, 0, 5)).toMatchObject([{ seq: 1, type: 'debate-started.v1' }]);
      const listed = { status: 'finished', closedAt: at, parent: id, summary: { result: { tokensSaved: 7 } } };
      expect(await streams.find(tx, 'default', 'replay', replay)).toMatchObject(listed);
    });
  });

  test('reads what this release writes', async () => {
    const id = randomUUID();
    const summary = { maxRounds: 3, stopReason: 'conceded', alsoTrue: [], detail: 'x', verdict: { outcome: 'con' } };
    const row = { id, kind: 'debate', tenant: 'default', status: 'closed', title: 'Milk', summary, parent: null };
    await inNew(async (tx) => {
      await streams.write(tx, [{ ...row, createdAt: at, closedAt: at }]);
      const event = {
        kind: 'debate',
        stream_id: id,
        tenant: 'default',
        seq: 1,
        type: 'debate-started.v1',
        at,
        data: {},
      };
      await events.append(tx, [event]);
    });
    const found = { topic: 'Milk', max_rounds: 3, stop_reason: 'conceded', detail: 'x', outcome: 'con' };
    expect(await ask(before.find, [id])).toMatchObject([found]);
    expect(await ask('select seq from gateway.debate_event where debate_id = $1', [id])).toEqual([{ seq: 1 }]);
  });
});
