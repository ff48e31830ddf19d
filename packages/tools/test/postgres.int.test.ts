import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import pg from 'pg';
import { postgresDown, postgresKill9, postgresRestart, postgresStatus, postgresUp } from '../src/index.ts';

const name = `test-${process.pid}`;
const other = `${name}-fast`;

/** Runs one statement on a connection of its own. */
async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

// Skipped only where no server can be had at all, and then it says why.
const missing = await whyMissing('postgres', postgresUp({ name }));

(missing === undefined ? describe : describe.skip)('the throw-away Postgres', () => {
  afterAll(async () => {
    for (const each of [name, other]) await postgresDown({ name: each, isPurged: true });
  });

  test('runs durable, on loopback alone, with its password in a file for the owner alone', async () => {
    const [up, again] = await Promise.all([postgresUp({ name }), postgresUp({ name })]);
    expect(again).toEqual(up);
    expect(await postgresStatus({ name })).toEqual(up);
    const settings = await query(
      up.url,
      `select name, setting from pg_settings
       where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'max_connections', 'listen_addresses')`,
    );
    expect(Object.fromEntries(settings.map((row) => [row.name, row.setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      max_connections: '200',
      listen_addresses: '127.0.0.1',
    });
    const file = join(up.dataDir, 'parley.password');
    expect(up.url).toContain(readFileSync(file, 'utf8'));
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(query(up.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('has every acknowledged row again after kill -9 in the middle of writing and a restart', async () => {
    const { url, port } = await postgresUp({ name });
    await query(url, 'create table kept (n int primary key)');
    let acknowledged = 0;
    const writer = new pg.Client(url);
    writer.on('error', () => {});
    await writer.connect();
    const writing = (async () => {
      for (let n = 1; ; n++) {
        await writer.query('insert into kept values ($1)', [n]);
        acknowledged = n;
      }
    })();
    const ended = expect(writing).rejects.toThrow();
    while (acknowledged < 500) await new Promise(setImmediate);
    await postgresKill9({ name });
    await ended;
    expect(await postgresStatus({ name })).toBeUndefined();
    const again = await postgresRestart({ name });
    expect(again.port).toBe(port);
    const [row] = await query(again.url, 'select count(*)::int as n from kept where n <= $1', [acknowledged]);
    expect(row).toEqual({ n: acknowledged });
  });

  test('keeps two clusters apart, and passes settings on', async () => {
    const first = await postgresUp({ name });
    const second = await postgresUp({ name: other, isFast: true, settings: { wal_level: 'logical' } });
    expect(second.port).not.toBe(first.port);
    expect(await query(second.url, 'show fsync')).toEqual([{ fsync: 'off' }]);
    await postgresRestart({ name: other });
    expect(await query(second.url, 'show wal_level')).toEqual([{ wal_level: 'logical' }]);
    expect(await query(second.url, `select to_regclass('kept') as found`)).toEqual([{ found: null }]);
    await postgresDown({ name: other });
    expect(await postgresStatus({ name: other })).toBeUndefined();
    expect(await query(first.url, 'select 1 as up')).toEqual([{ up: 1 }]);
  });

  test('leaves nothing behind after down with purge', async () => {
    const { dataDir } = await postgresUp({ name });
    await postgresDown({ name, isPurged: true });
    expect(existsSync(dirname(dataDir))).toBe(false);
    await expect(postgresRestart({ name })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  test('refuses a name that would lead out of its folder', async () => {
    await expect(postgresDown({ name: '../..', isPurged: true })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
