import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { openPostgres } from '../src/index.ts';
import { serverUrl } from './databases.ts';
import { until } from './world.ts';

const onPostgres = serverUrl === undefined ? test.skip : test;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Stands between the pool and the server. `isSilent` swallows what either says, as a broken network does. */
async function proxy(url: URL) {
  const state = { isSilent: false };
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(url.port), url.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!state.isSilent) to.write(bytes);
      });
      from.on('close', () => to.destroy()).on('error', () => {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address() as { port: number };
  return Object.assign(state, { url: Object.assign(new URL(url), { host: `127.0.0.1:${address.port}` }).href });
}

onPostgres('a network that swallows everything is noticed, and the pool goes on when it is back', async () => {
  const line = await proxy(new URL(serverUrl ?? ''));
  const db = openPostgres({ url: line.url, poolSize: 2, statementTimeoutMs: 100, readTimeoutMs: 300 });
  closing.push(() => db.close());
  await db.query('select 1');
  line.isSilent = true;
  const lost = { code: 'DATABASE_UNAVAILABLE', retryable: true };
  await expect(db.transaction((sql) => sql.query('select 1'))).rejects.toMatchObject(lost);
  line.isSilent = false;
  await until('it answers', () =>
    db.query('select 1').then(
      () => true,
      () => false,
    ),
  );
});

test('a server that is not there says "later" to queries, transactions and borrowers of a connection', async () => {
  const db = openPostgres({ url: 'postgres://nobody@127.0.0.1:1/none' });
  const lost = { code: 'DATABASE_UNAVAILABLE', retryable: true };
  await expect(db.query('select 1')).rejects.toMatchObject(lost);
  await expect(db.transaction(async () => {})).rejects.toMatchObject(lost);
  await expect(db.client(async () => {})).rejects.toMatchObject(lost);
  await db.close();
});

onPostgres('a statement that takes too long is cancelled and passes by itself', async () => {
  const db = openPostgres({ url: serverUrl ?? '', poolSize: 1, statementTimeoutMs: 50 });
  closing.push(() => db.close());
  await expect(db.query('select pg_sleep(10)')).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
});

onPostgres('a transaction or a borrower that throws leaves nothing open behind', async () => {
  const db = openPostgres({ url: serverUrl ?? '', poolSize: 1 });
  closing.push(() => db.close());
  const fault = new Error('mine');
  await expect(db.transaction(() => Promise.reject(fault))).rejects.toBe(fault);
  await expect(
    db.client(async (client) => {
      await client.query('begin');
      throw fault;
    }),
  ).rejects.toBe(fault);
  const [row] = await db.query<{ is_same: boolean }>('select now() = statement_timestamp() as is_same');
  expect(row?.is_same).toBe(true);
});
