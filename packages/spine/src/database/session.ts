import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import type pg from 'pg';
import type { Transaction } from './database.ts';

const names = new Map<string, string>();
/** A statement's name makes the server keep its plan. The texts are constants of the program, so the map is bounded. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return name;
}

/** One statement with its plan kept, or, without values, any number of them unprepared. */
export async function run<Row>(on: pg.PoolClient, text: string, values?: readonly unknown[]): Promise<Row[]> {
  const result =
    values === undefined ? await on.query(text) : await on.query({ name: nameOf(text), text, values: [...values] });
  return result.rows as Row[];
}

type Work<T> = (sql: Transaction) => Promise<T>;

/**
 * What `send` sends leaves as one write. Each write is a system call here and wakes the server for one statement.
 * pg corks its stream for the messages of a statement and has no name for doing so over several.
 */
function together<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/**
 * A transaction in as few trips as its statements depend on each other: "begin" goes with the first one, "commit" with
 * the last. What follows a failed statement fails too, and a commit behind it rolls back.
 */
export async function pipelined<T>(client: pg.PoolClient, work: Work<T>, beforeCommit: () => void): Promise<T> {
  let committed: Promise<unknown> | undefined;
  const commit = () => {
    beforeCommit();
    committed = client.query('commit');
    return committed;
  };
  const query = <Row>(text: string, values?: readonly unknown[]) => run<Row>(client, text, values);
  const [begun, working] = together(client, () => [
    client.query('begin'),
    work({
      query,
      async finish<Row>(text: string, values: readonly unknown[]) {
        const [rows] = await together(client, () => Promise.all([query<Row>(text, values), commit()]));
        return rows;
      },
    }),
  ]);
  // What breaks it breaks the first statement too.
  begun.catch(() => {});
  const done = await working;
  await begun;
  await (committed ?? commit());
  return done;
}

/** The same for a connection that takes one statement at a time. */
export async function stepwise<T>(client: pg.PoolClient, work: Work<T>, beforeCommit: () => void): Promise<T> {
  let last: Promise<unknown> = client.query('begin');
  let isCommitted = false;
  const query = <Row>(text: string, values?: readonly unknown[]): Promise<Row[]> => {
    const rows = last.then(() => run<Row>(client, text, values));
    last = rows;
    return rows;
  };
  const commit = async () => {
    beforeCommit();
    isCommitted = true;
    await client.query('commit');
  };
  const done = await work({
    query,
    async finish<Row>(text: string, values: readonly unknown[]) {
      const rows = await query<Row>(text, values);
      await commit();
      return rows;
    },
  });
  await last;
  if (!isCommitted) await commit();
  return done;
}
