import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ServiceName, serviceNames } from '@parley/contracts';
import { checkMigrated, type Database, openPostgres } from '@parley/spine';
import { migrateAll, roleOf, serviceSchemas } from '../src/operating/migrate.ts';
import { takeRoles } from './roles-of-server.ts';

const server = process.env.PARLEY_TEST_DATABASE_URL || undefined;
const onPostgres = server === undefined ? describe.skip : describe;
/** SQLSTATE insufficient_privilege. */
const refused = { code: '42501' };

onPostgres('each service as its own role', () => {
  const name = `roles_${randomUUID().replaceAll('-', '')}`;
  const passwords = Object.fromEntries(serviceNames.map((service) => [service, randomUUID()])) as Record<
    ServiceName,
    string
  >;
  const open: Database[] = [];
  const connect = (url: URL): Database => {
    const db = openPostgres({ url: url.href, poolSize: 2 });
    open.push(db);
    return db;
  };
  const own = () => Object.assign(new URL(server ?? ''), { pathname: `/${name}` });
  const as = (service: ServiceName, password = passwords[service]) =>
    connect(Object.assign(own(), { username: roleOf(service), password }));
  let admin: Database;
  let owner: Database;
  let giveBack: () => Promise<void>;

  beforeAll(async () => {
    giveBack = await takeRoles(server ?? '');
    admin = connect(new URL(server ?? ''));
    await admin.query(`create database ${name}`);
    owner = connect(own());
    await Promise.all([migrateAll(owner, passwords), migrateAll(connect(own()), passwords)]);
  }, 240_000);
  afterAll(async () => {
    for (const db of open.slice(1)) await db.close();
    await admin.query(`drop database ${name} with (force)`);
    await admin.close();
    await giveBack();
  });

  const tablesOf = async (service: ServiceName) => {
    const { schema } = serviceSchemas[service];
    const rows = await owner.query<{ name: string }>('select tablename as name from pg_tables where schemaname = $1', [
      schema,
    ]);
    return rows.map((row) => `${schema}.${row.name}`);
  };

  test.each(serviceNames)('%s reads its own tables, and no other service lets it', async (service) => {
    const db = as(service);
    await checkMigrated(db, serviceSchemas[service]);
    let reads = 0;
    for (const other of serviceNames) {
      for (const table of await tablesOf(other)) {
        const reading = db.query(`select * from ${table} limit 1`);
        if (other === service) await reading;
        else await expect(reading).rejects.toMatchObject(refused);
        reads += 1;
      }
    }
    expect(reads).toBeGreaterThanOrEqual(4 * 7);
  });

  test.each(serviceNames)('%s changes no other schema, makes nothing, and never edits its log', async (service) => {
    const db = as(service);
    const { schema } = serviceSchemas[service];
    for (const other of serviceNames.filter((one) => one !== service)) {
      await expect(db.query(`delete from ${serviceSchemas[other].schema}.outbox`)).rejects.toMatchObject(refused);
    }
    for (const text of [
      `create table ${schema}.more (id int)`,
      'create table public.more (id int)',
      'create schema more',
      'create role more',
      `drop table ${schema}.event`,
      `truncate ${schema}.event`,
      `update ${schema}.event set type = 'x'`,
      `delete from ${schema}.event`,
      `alter role ${roleOf(service)} superuser`,
    ]) {
      await expect(db.query(text)).rejects.toMatchObject(refused);
    }
  });

  test("another service's password opens nothing", async () => {
    await expect(as('gateway', passwords.moderator).query('select 1')).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    });
  });

  test('a schema that is behind is named, with the remedy', async () => {
    const db = as('moderator');
    await owner.query('delete from moderator.spine_migration');
    await expect(checkMigrated(db, serviceSchemas.moderator)).rejects.toMatchObject({
      code: 'SCHEMA_BEHIND',
      message: expect.stringMatching(/"moderator" lacks 0001_spine.*npm run migrate/),
    });
    await expect(checkMigrated(db, serviceSchemas.gateway)).rejects.toMatchObject({ code: 'SCHEMA_BEHIND' });
  });
});
