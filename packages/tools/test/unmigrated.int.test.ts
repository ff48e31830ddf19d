import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrateAll } from '@parley/cli/operating/migrate.ts';
import { type Database, openPostgres } from '@parley/spine';
import { until } from '@parley/testkit';
import { Replica } from '../src/cluster/replica.ts';

const server = process.env.PARLEY_TEST_DATABASE_URL || undefined;
const onPostgres = server === undefined ? describe.skip : describe;
const limitMs = 60_000;

onPostgres('a service that is there before its migration', () => {
  const name = `unmigrated_${randomUUID().replaceAll('-', '')}`;
  const url = Object.assign(new URL(server ?? 'postgres://localhost'), { pathname: `/${name}` }).href;
  let admin: Database;
  let moderator: Replica;

  beforeAll(async () => {
    admin = openPostgres({ url: server ?? '', poolSize: 1 });
    await admin.query(`create database ${name}`);
    moderator = new Replica({
      service: 'moderator',
      number: 1,
      isKept: true,
      // Nobody listens there: what it waits for first is the database.
      env: { DATABASE_URL: url, KAFKA_BROKERS: '127.0.0.1:1', PARLEY_MODEL: 'rehearsal', PARLEY_DRAIN_MS: '0' },
      onLine: () => {},
    });
    moderator.start();
  }, limitMs);
  afterAll(async () => {
    await moderator.stop(1_000);
    await admin.query(`drop database ${name} with (force)`);
    await admin.close();
  }, limitMs);

  const asked = async (path: string) => {
    try {
      const response = await fetch(`${moderator.url}${path}`);
      return { status: response.status, text: await response.text() };
    } catch {
      return { status: 0, text: '' };
    }
  };

  test('lives, says what it waits for and how to mend that, and goes on by itself when that is done', async () => {
    const behind = /\[-\] accepting: starting: Schema "moderator" lacks 0001_spine.*Run "npm run migrate"/;
    await until(
      'readiness names the migration',
      async () => {
        const { status, text } = await asked('/readyz?verbose');
        return status === 503 && behind.test(text);
      },
      limitMs,
    );
    expect((await asked('/livez')).status).toBe(200);

    const owner = openPostgres({ url, poolSize: 1 });
    await migrateAll(owner, {});
    await owner.close();
    await until('it goes on', async () => /accepting: starting\n/.test((await asked('/readyz?verbose')).text), limitMs);
    expect(moderator.restarts).toBe(0);
  }, 180_000);
});
