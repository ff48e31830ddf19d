import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { type Database, openPostgres } from '@parley/spine';
import { until, whyMissing } from '@parley/testkit';
import { postgresDown, postgresKill9, postgresPromote, postgresStandbyUp, postgresUp } from '../src/index.ts';

const primary = { name: `failover-${process.pid}` };
const standby = { name: `failover-${process.pid}-standby` };

const missing = await whyMissing('postgres', postgresUp(primary));
/** Writes go on this soon after the promotion; a pool that kept its connections needed more than 45 s. */
const goesOnMs = 20_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** The address that stays while the server behind it changes, as a service of Kubernetes or a DNS name does. */
async function address(firstPort: number) {
  const state = { port: firstPort };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(state.port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('close', () => to.destroy()).on('error', () => {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as { port: number };
  return Object.assign(state, { own: port });
}

const at = (url: string, port: number) => Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href;

function open(url: string, poolSize: number): Database {
  const db = openPostgres({ url, poolSize });
  closing.push(() => db.close());
  return db;
}

/** Writers that never stop; each row is acknowledged or not. */
function writers(db: Database, count: number) {
  const acknowledged: number[] = [];
  const failures: unknown[] = [];
  let isOver = false;
  let next = 0;
  async function write(): Promise<void> {
    while (!isOver) {
      next += 1;
      const n = next;
      try {
        await db.transaction((tx) => tx.query('insert into kept values ($1)', [n]));
        acknowledged.push(n);
      } catch (thrown) {
        failures.push(thrown);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
  const all = Promise.all(Array.from({ length: count }, write));
  const stop = async () => {
    isOver = true;
    await all;
  };
  closing.push(stop);
  return { acknowledged, failures, stop };
}

(missing === undefined ? describe : describe.skip)('a failover of Postgres', () => {
  afterAll(async () => {
    for (const each of [standby, primary]) await postgresDown({ ...each, isPurged: true });
  });

  test('a database made read-only loses every connection to it, and writes go on when it takes them again', async () => {
    const { url } = await postgresUp(primary);
    const admin = open(url, 1);
    const name = `demoted_${Date.now()}`;
    await admin.query(`create database ${name}`);
    closing.push(async () => {
      const last = openPostgres({ url, poolSize: 1 });
      await last.query(`drop database ${name} with (force)`);
      await last.close();
    });
    const db = open(Object.assign(new URL(url), { pathname: `/${name}` }).href, 3);
    await db.query('create table kept (n int primary key)');
    const heard: string[] = [];
    db.signals.listen('failover', (text) => heard.push(text));
    await until('it listens', () => heard.length > 0);
    const backends = async () => {
      const rows = await admin.query<{ pid: number }>('select pid from pg_stat_activity where datname = $1', [name]);
      return rows.map(({ pid }) => pid);
    };
    const work = writers(db, 3);
    await until('it writes', () => work.acknowledged.length > 20);
    await admin.query(`alter database ${name} set default_transaction_read_only = on`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    // Every connection of the pool meets the read-only server.
    await until('it is refused', async () => work.failures.length > 10 && (await backends()).length === 3);
    const [reading] = await db.query<{ n: number }>('select count(*)::int as n from kept');
    expect(reading?.n).toBeGreaterThan(20);
    heard.length = 0;
    const before = work.acknowledged.length;
    const old = new Set(await backends());
    await admin.query(`alter database ${name} reset default_transaction_read_only`);
    const since = performance.now();
    await until('it writes again', () => work.acknowledged.length > before + 20, goesOnMs);
    expect(performance.now() - since).toBeLessThan(goesOnMs);
    await until('it listens again', () => heard.includes(''), goesOnMs);
    expect((await backends()).filter((pid) => old.has(pid))).toEqual([]);
    await work.stop();
    for (const failure of work.failures) {
      expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    }
  });

  test('of five idle connections to a server that became read-only one fails, and none is used again', async () => {
    const { url } = await postgresUp(primary);
    const name = `idle_${Date.now()}`;
    const admin = open(url, 1);
    await admin.query(`create database ${name}`);
    const db = open(Object.assign(new URL(url), { pathname: `/${name}` }).href, 5);
    await db.query('create table kept (n int primary key)');
    const five = Array.from({ length: 5 }, () => db.transaction((tx) => tx.query('select pg_sleep(0.05)', [])));
    await Promise.all(five);
    const backends = () =>
      admin.query<{ pid: number }>('select pid from pg_stat_activity where datname = $1 order by pid', [name]);
    const old = new Set((await backends()).map(({ pid }) => pid));
    expect(old.size).toBe(5);
    const refused = db.query('start transaction read only; insert into kept values (1)');
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', cause: { code: '25006' } });
    const used = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        db.transaction(async (tx) => {
          await tx.query('insert into kept values ($1)', [i]);
          const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid', []);
          return row?.pid ?? 0;
        }),
      ),
    );
    expect(used.filter((pid) => old.has(pid))).toEqual([]);
  });

  test('a primary that is killed is replaced by its promoted standby, and no acknowledged row is lost', async () => {
    const first = await postgresUp(primary);
    const second = await postgresStandbyUp({ ...standby, of: primary.name });
    const line = await address(first.port);
    const db = open(at(first.url, line.own), 4);
    await db.query('create table kept (n int primary key)');
    const heard: string[] = [];
    db.signals.listen('failover', (text) => heard.push(text));
    const work = writers(db, 4);
    await until('it writes', () => work.acknowledged.length > 200 && heard.length > 0);

    // The name leads to the standby before it is promoted: whoever connects meanwhile meets a server that only reads.
    await postgresKill9(primary);
    line.port = second.port;
    await until('the standby refuses', () => work.failures.some((one) => /read-only|recovery/.test(String(one))));
    const before = work.acknowledged.length;
    heard.length = 0;
    await postgresPromote(standby);
    const since = performance.now();
    await until('it writes again', () => work.acknowledged.length > before + 200, goesOnMs);
    expect(performance.now() - since).toBeLessThan(goesOnMs);
    await until('it listens again', () => heard.includes(''), goesOnMs);
    await work.stop();

    const promoted = open(second.url, 1);
    const rows = await promoted.query<{ n: number }>('select n from kept');
    const there = new Set(rows.map(({ n }) => n));
    expect(work.acknowledged.filter((n) => !there.has(n))).toEqual([]);
    for (const failure of work.failures) {
      expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    }
  }, 120_000);
});
