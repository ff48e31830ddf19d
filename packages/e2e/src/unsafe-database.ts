import { setTimeout as wait } from 'node:timers/promises';
import type { Database, Sql } from '@parley/spine';

type Rewrite = (text: string, values: readonly unknown[] | undefined, sql: Sql) => Promise<unknown[]> | undefined;

/** What reads of it dies of it, a moment later: its neighbours are in the middle of their turns by then. */
export const poisonedTopic = 'Is this poison?';
const poisonMs = 100;

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
  /** No first attempt's lease is renewed and nobody notices: a second begins beside it. Only the fence is left. */
  'no-renewal': (text, values, sql) => {
    if (!isRenewal(text)) return unrenewed(text, values);
    const later = (JSON.parse(String(values?.[1])) as { started: number }[]).filter(({ started }) => started > 1);
    return sql.query(text, [values?.[0], JSON.stringify(later), values?.[2]]);
  },
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
  /** Whatever was in flight is charged with the end of its process, and nothing runs alone: three kills end it. */
  bystanders: (text, values, sql) => {
    if (!text.startsWith('with suspect as')) return undefined;
    const changes = [
      ['t.has_crashed and e.is_alone then', 't.has_crashed then'],
      [' and (crashes < 2 or is_alone)', ''],
      ['crashes > 0 and crashes + ', 'false and crashes + '],
    ] as const;
    let old = text;
    for (const [from, to] of changes) {
      if (!old.includes(from)) throw new Error('The claim has changed: change this control with it.');
      old = old.replaceAll(from, to);
    }
    return sql
      .query<{ crashes: number | null }>(old, values)
      .then((rows) => rows.map((row) => ({ ...row, crashes: row.crashes && 0 })));
  },
  /** No promise less, but an effect that ends its process each time it runs: one that reads of a poisoned topic. */
  poison: (text, values, sql) => {
    if (!text.startsWith('select stream_id as stream, seq')) return undefined;
    return sql.query<{ data: unknown }>(text, values).then(async (rows) => {
      if (!JSON.stringify(rows).includes(poisonedTopic)) return rows;
      await wait(poisonMs);
      process.kill(process.pid, 'SIGKILL');
      return rows;
    });
  },
};

const isRenewal = (text: string): boolean => text.includes('for update of e2 skip locked');

function unrenewed(text: string, values: readonly unknown[] | undefined): Promise<unknown[]> | undefined {
  if (isRenewal(text)) return Promise.resolve([]);
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
