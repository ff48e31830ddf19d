import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { type Database, grantApp, migrate, openPostgres } from '../src/index.ts';
import { serverUrl } from './databases.ts';

const onPostgres = serverUrl === undefined ? test.skip : test;
/** How often each race is run: it was lost about once in a few. */
const rounds = 20;
const schemas = ['one', 'two', 'three', 'four', 'five'];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function open(url: string, poolSize: number): Database {
  const db = openPostgres({ url, poolSize });
  closing.push(() => db.close());
  return db;
}

/** A fresh database, and the roles of this test, which the server forgets with it. */
async function makeDatabase(admin: Database, roles: readonly string[]): Promise<string> {
  const name = `grant_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`create database ${name}`);
  closing.push(async () => {
    await admin.query(`drop database ${name} with (force)`);
    for (const role of roles) await admin.query(`drop role if exists ${role}`).catch(() => {});
  });
  return Object.assign(new URL(serverUrl ?? ''), { pathname: `/${name}` }).href;
}

function rolesOf(schema: readonly string[]): readonly string[] {
  const mark = randomUUID().slice(0, 8);
  return schema.map((name) => `g${mark}_${name}`);
}

/** What a migrate job does for one service, as a process of its own would. */
async function migrateJob(url: string, schema: string, role: string): Promise<void> {
  const db = openPostgres({ url, poolSize: 1 });
  try {
    await migrate(db, { schema });
    await grantApp(db, { schema }, { name: role, password: `secret-${role}` });
  } finally {
    await db.close();
  }
}

onPostgres(
  `five migrate jobs at once succeed, ${rounds} times one after the other`,
  async () => {
    const admin = open(serverUrl ?? '', 1);
    const roles = rolesOf(schemas);
    const url = await makeDatabase(admin, roles);
    for (let round = 0; round < rounds; round++) {
      await Promise.all(schemas.map((schema, i) => migrateJob(url, schema, roles[i] ?? '')));
    }
    for (const [i, schema] of schemas.entries()) {
      const role = roles[i] ?? '';
      const own = Object.assign(new URL(url), { username: role, password: `secret-${role}` }).href;
      expect(await open(own, 1).query(`select count(*)::int as n from ${schema}.event`)).toEqual([{ n: 0 }]);
    }
  },
  180_000,
);

onPostgres(
  `jobs on two databases of one server that make and change the same roles succeed, ${rounds} times`,
  async () => {
    const admin = open(serverUrl ?? '', 1);
    const roles = rolesOf(schemas.slice(0, 2));
    const urls = [await makeDatabase(admin, roles), await makeDatabase(admin, roles)];
    const jobs = urls.flatMap((url) => roles.map((role, i) => ({ db: open(url, 1), schema: schemas[i] ?? '', role })));
    for (const { db, schema } of jobs) await migrate(db, { schema });
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        jobs.map(({ db, schema, role }) => grantApp(db, { schema }, { name: role, password: `secret-${role}` })),
      );
    }
    for (const url of urls) {
      const own = Object.assign(new URL(url), { username: roles[0], password: `secret-${roles[0]}` }).href;
      expect(await open(own, 1).query('select count(*)::int as n from one.event')).toEqual([{ n: 0 }]);
    }
  },
  180_000,
);
