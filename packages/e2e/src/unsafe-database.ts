import type { Database, Sql } from '@parley/spine';

type Rewrite = (text: string, values: readonly unknown[] | undefined, sql: Sql) => Promise<unknown[]> | undefined;

/** Promises that can be taken away, to see that the checker notices. */
const controls: Readonly<Record<string, Rewrite>> = {
  /** At most once: the outbox forgets a message before it is sent. */
  'mark-before-send': (text, values, sql) => {
    // Where it is read, and where a tick that sends from memory has just written it.
    const outbox = /sent as \((?:delete from|insert into) ("\w+")\.outbox/.exec(text)?.[1];
    if (outbox === undefined) return undefined;
    return (async () => {
      const rows = await sql.query<{ pos: string | null }>(text, values);
      const places = rows.flatMap(({ pos }) => pos ?? []);
      await sql.query(`delete from ${outbox}.outbox where pos = any($1)`, [places]);
      return rows;
    })();
  },
  /** No lease is renewed and nobody notices: another worker begins what the first still does. Only the fence is left. */
  'no-renewal': (text, values) => unrenewed(text, values),
  /** And nor is the fence: whoever comes with an answer is heard. */
  unfenced: (text, values, sql) => {
    if (!text.startsWith('with fenced as (')) return unrenewed(text, values);
    const open = text.replace(
      "and e.started = x.started\n          and e.lease_owner = $4 and e.state = 'running'",
      'and $4 <> x.key',
    );
    if (open === text) throw new Error('The statement with the fence has changed: change this control with it.');
    return sql.query(open, values);
  },
};

function unrenewed(text: string, values: readonly unknown[] | undefined): Promise<unknown[]> | undefined {
  if (text.includes('for update of e2 skip locked')) return Promise.resolve([]);
  if (text.startsWith('select e.stream_id, e.key')) return Promise.resolve(JSON.parse(String(values?.[1])));
  return undefined;
}

/** The database without the promise that PARLEY_CONTROL names. */
export function unsafe(db: Database): Database {
  const rewrite = controls[process.env.PARLEY_CONTROL ?? ''];
  if (rewrite === undefined) throw new Error(`PARLEY_CONTROL is one of ${Object.keys(controls).join(', ')}`);
  const over = (sql: Sql): Sql => ({
    query: <Row>(text: string, values?: readonly unknown[]) =>
      (rewrite(text, values, sql) as Promise<Row[]> | undefined) ?? sql.query<Row>(text, values),
  });
  return {
    ...db,
    ...over(db),
    transaction: (work, options) => db.transaction((tx) => work({ ...tx, ...over(tx) }), options),
  };
}
