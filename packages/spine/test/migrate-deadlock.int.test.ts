import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { type Database, migrate, openPostgres } from '../src/index.ts';

const { PARLEY_TEST_DATABASE_URL: url = '' } = process.env;
const schema = `deadlock_${randomUUID().replaceAll('-', '')}`;
const dir = mkdtempSync(join(tmpdir(), 'parley-migrations-'));
/** It is the migration that the server finds first, and undoes. */
const sql = `-- Up Migration
set local deadlock_timeout = '20ms';
lock table ${schema}.first in access exclusive mode;
select pg_sleep(0.3);
lock table ${schema}.second in access exclusive mode;
create table ${schema}.made (id int);
`;
let db: Database | undefined;
afterAll(async () => {
  await db?.query(`drop schema if exists ${schema} cascade`);
  await db?.close();
  rmSync(dir, { recursive: true, force: true });
});

(url === '' ? test.skip : test)(
  'a migration that waits for traffic which waits for it is made all the same',
  async () => {
    const open = openPostgres({ url, poolSize: 3 });
    db = open;
    await open.query(`create schema ${schema}`);
    for (const table of ['first', 'second']) await open.query(`create table ${schema}.${table} (id int)`);
    writeFileSync(join(dir, '0001_locks.sql'), sql);
    let deadlocks = 0;
    const traffic = open.transaction(async (tx) => {
      await tx.query(`lock table ${schema}.second in row exclusive mode`);
      const held = `select 1 from pg_locks where relation = '${schema}.first'::regclass and mode = 'AccessExclusiveLock'`;
      await until('the migration holds the first table', async () => (await open.query(held)).length > 0);
      await tx.query(`lock table ${schema}.first in row exclusive mode`);
      deadlocks += 1;
    });
    await Promise.all([traffic, migrate(open, { schema, dir })]);
    expect(deadlocks).toBe(1);
    expect(await open.query(`select id from ${schema}.made`)).toEqual([]);
  },
  60_000,
);
