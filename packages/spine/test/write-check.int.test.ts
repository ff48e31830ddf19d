import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createWriteCheck, type Database, grantApp, migrate, openEmbedded, openPostgres } from '../src/index.ts';
import { pglite, postgres, serverUrl } from './databases.ts';
import { makeDisk, onOwnDisk } from './own-disk.ts';
import { until } from './world.ts';

const onPostgres = serverUrl === undefined ? test.skip : test;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function opened<Db extends Pick<Database, 'close'>>(db: Db): Db {
  closing.push(() => db.close());
  return db;
}

/** A check whose answers are not kept. */
function checkOf(db: Database, schema = 's') {
  let now = performance.now();
  return createWriteCheck({ db, schema, now: () => (now += 1_000) });
}

const isReady = (check: () => Promise<string>) => () =>
  check().then(
    () => true,
    () => false,
  );

describe.each([pglite, ...(serverUrl === undefined ? [] : [postgres(serverUrl)])])('on $name', (kind) => {
  test('a database that takes writes says so, is asked once a second at most, and not at all when nobody asks', async () => {
    const { db } = opened(await kind.open());
    let queries = 0;
    const counted: Database = {
      ...db,
      query: (...args) => {
        queries += 1;
        return db.query(...(args as [string]));
      },
    };
    let now = 0;
    const check = createWriteCheck({ db: counted, schema: 's', now: () => now });
    expect(queries).toBe(0);
    expect(await Promise.all([check(), check()])).toEqual(['takes writes', 'takes writes']);
    now = 999;
    await check();
    expect(queries).toBe(1);
    now = 1_000;
    await check();
    expect(queries).toBe(2);
  });
});

onPostgres(
  'the role of a service may ask, and hears of a server that became read-only, and that it is back',
  async () => {
    const { db: owner, url } = opened(await ownDatabase());
    await migrate(owner, { schema: 's' });
    const role = `w${randomUUID().slice(0, 8)}`;
    await grantApp(owner, { schema: 's' }, { name: role, password: 'secret' });
    const name = new URL(url).pathname.slice(1);
    const db = opened(openPostgres({ url: Object.assign(new URL(url), { username: role, password: 'secret' }).href }));
    closing.push(() => owner.query(`drop owned by ${role}; drop role ${role}`));
    const check = checkOf(db);
    expect(await check()).toBe('takes writes');
    await owner.query(`alter role ${role} in database ${name} set default_transaction_read_only = on`);
    await owner.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [role]);
    await until('it is read-only', async () => !(await isReady(check)()));
    await expect(check()).rejects.toThrow(
      'takes no writes: the Postgres server is read-only, as a standby is. Promote it, or name the one that takes writes in DATABASE_URL.',
    );
    await owner.query(`alter role ${role} in database ${name} reset default_transaction_read_only`);
    await until('it takes writes', isReady(check));
  },
);

/** The account that the server's files belong to; undefined where it is not on this machine. */
const serverAccount = ['postgres', 'nobody'].find((name) => spawnSync('id', ['-u', name]).status === 0);

(serverUrl === undefined || serverAccount === undefined ? test.skip : onOwnDisk)(
  'a Postgres whose disk is full is not ready although small writes still pass, and ready again when there is room',
  async () => {
    const id = (flag: string) => execFileSync('id', [flag, serverAccount ?? ''], { encoding: 'utf8' }).trim();
    const disk = makeDisk(40, `,uid=${id('-u')},gid=${id('-g')},mode=0700`);
    closing.push(() => disk.remove());
    const admin = opened(openPostgres({ url: serverUrl ?? '', poolSize: 1 }));
    const space = `disk_${randomUUID().replaceAll('-', '')}`;
    const at = join(disk.folder, 'space');
    mkdirSync(at);
    execFileSync('chown', [`${id('-u')}:${id('-g')}`, at]);
    await admin.query(`create tablespace ${space} location '${at}'`);
    closing.push(() => admin.query(`drop tablespace ${space}`));
    const { db } = opened(await ownDatabase(`tablespace ${space}`));
    await migrate(db, { schema: 's' });
    const check = checkOf(db);
    await db.query('create table kept (n int, text text)');
    expect(await check()).toBe('takes writes');
    const small = () => db.query(`insert into kept values (1, 'small')`);
    await small();
    disk.fill(64 * 1024);
    const write = () =>
      db.query(`insert into kept select 1, string_agg(md5(random()::text), '') from generate_series(1, 8000)`);
    await expect(write()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', cause: { code: '53100' } });
    await small();
    await expect(check()).rejects.toThrow(
      /^takes no writes: the disk of the Postgres server is full\. Free space on it/,
    );
    disk.free();
    await until('it takes writes', isReady(check));
    await write();
    expect(await db.query('select count(*)::int as n from s.inbox')).toEqual([{ n: 0 }]);
  },
  60_000,
);

onOwnDisk('an embedded database on a read-only disk does not start, and says why and what to do', async () => {
  const disk = makeDisk(120);
  closing.push(() => disk.remove());
  const dataDir = join(disk.folder, 'data');
  await (await openEmbedded({ dataDir })).close();
  disk.makeReadOnly();
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: `Cannot open the database in ${dataDir}: the data directory ${dataDir} is read-only. Make it writable for this user, or choose another with --data-dir.`,
  });
  const fresh = join(disk.folder, 'fresh');
  await expect(openEmbedded({ dataDir: fresh })).rejects.toMatchObject({
    message: expect.stringContaining(`the data directory ${fresh} is read-only.`),
  });
});

onOwnDisk('an embedded database on a full disk does not start, and says why and what to do', async () => {
  const disk = makeDisk(40);
  closing.push(() => disk.remove());
  disk.fill(1024 * 1024);
  const dataDir = join(disk.folder, 'data');
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: `Cannot open the database in ${dataDir}: the disk of the data directory ${dataDir} is full. Free 24 MB on it; a running process goes on by itself.`,
  });
});

onOwnDisk('an embedded database whose disk fills up is not ready, and ready again when there is room', async () => {
  const disk = makeDisk(120);
  closing.push(() => disk.remove());
  const dataDir = join(disk.folder, 'data');
  const db = opened(await openEmbedded({ dataDir }));
  await migrate(db, { schema: 's' });
  const check = checkOf(db);
  expect(await check()).toBe('takes writes');
  disk.fill(1024 * 1024);
  await expect(check()).rejects.toThrow(`takes no writes: the disk of the data directory ${dataDir} is full.`);
  disk.free();
  await until('it takes writes', isReady(check));
});

test('an embedded database whose folder is gone is not ready', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-gone-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  const db = opened(await openEmbedded({ dataDir }));
  const check = checkOf(db);
  expect(await check()).toBe('takes writes');
  renameSync(dataDir, `${dataDir}.moved`);
  await expect(check()).rejects.toThrow(
    `takes no writes: the data directory ${dataDir} is gone. Bring it back and start again, or choose another with --data-dir.`,
  );
});

async function ownDatabase(options = '') {
  const name = `write_${randomUUID().replaceAll('-', '')}`;
  const admin = openPostgres({ url: serverUrl ?? '', poolSize: 1 });
  await admin.query(`create database ${name} ${options}`);
  const url = Object.assign(new URL(serverUrl ?? ''), { pathname: `/${name}` }).href;
  const db = openPostgres({ url, poolSize: 2 });
  return {
    db,
    url,
    async close() {
      await db.close();
      await admin.query(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}
