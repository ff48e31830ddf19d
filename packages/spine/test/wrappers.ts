import type { Database, Sql, Transaction } from '../src/index.ts';

/** Passes every statement through `rewrite`; undefined lets it pass as it is. */
export type Rewrite = (
  text: string,
  values: readonly unknown[] | undefined,
  sql: Sql,
) => Promise<unknown[]> | undefined;

export function rewriting(db: Database, rewrite: Rewrite): Database {
  const over = (sql: Sql): Sql => ({
    query: <Row>(text: string, values?: readonly unknown[]) =>
      (rewrite(text, values, sql) as Promise<Row[]> | undefined) ?? sql.query<Row>(text, values),
  });
  const overAll = (tx: Transaction): Transaction => ({
    ...over(tx),
    finish: <Row>(text: string, values: readonly unknown[]) =>
      (rewrite(text, values, tx) as Promise<Row[]> | undefined) ?? tx.finish<Row>(text, values),
  });
  return { ...db, ...over(db), transaction: (work) => db.transaction((tx) => work(overAll(tx))) };
}

/** No lease is renewed and nobody notices: another worker begins what the first still does. */
export const withoutRenewal: Rewrite = (text, values) => {
  if (text.includes('for update of e2 skip locked')) return Promise.resolve([]);
  if (text.startsWith('select e.stream_id, e.key')) return Promise.resolve(JSON.parse(String(values?.[1])));
  return undefined;
};

/** The answer of any attempt at an effect counts, whoever holds its lease. */
export const withoutFence: Rewrite = (text, values, sql) => {
  const fence = `and e.started = x.started\n          and e.lease_owner = $4 and e.state = 'running'`;
  if (!text.startsWith('with fenced as')) return undefined;
  if (!text.includes(fence)) throw new Error('the fence is not where this control takes it away');
  return sql.query(text.replace(fence, 'and $4::text is not null'), values);
};

export interface Breakable {
  readonly db: Database;
  /** From now on: `away` fails before anything is sent, `ambiguous` fails after a tick's commit, `up` passes. */
  mode: 'up' | 'away' | 'ambiguous';
  /** Resolves when nothing that was sent is still on its way. */
  idle(): Promise<void>;
}

/** A database that can be taken away: what a process sees of an outage, or, for good, of its own death. */
export function breakable(db: Database, fault: () => unknown): Breakable {
  const flying = new Set<Promise<unknown>>();
  const gate = (): void => {
    if (made.mode === 'away') throw fault();
  };
  const sent = <T>(answer: Promise<T>): Promise<T> => {
    const settled = answer.then(
      () => {},
      () => {},
    );
    flying.add(settled);
    void settled.then(() => flying.delete(settled));
    return answer;
  };
  const over = (sql: Sql): Sql => ({
    async query<Row>(text: string, values?: readonly unknown[]) {
      gate();
      return sent(sql.query<Row>(text, values));
    },
  });
  const made: Breakable = {
    mode: 'up',
    async idle() {
      await Promise.all(flying);
    },
    db: {
      ...db,
      async query<Row>(text: string, values?: readonly unknown[]) {
        const rows = await over(db).query<Row>(text, values);
        if (made.mode === 'ambiguous' && text.includes('pg_current_xact_id')) throw fault();
        return rows;
      },
      async transaction(work) {
        gate();
        const transaction = db.transaction((sql) =>
          work({
            ...over(sql),
            async finish(text, values) {
              gate();
              return sql.finish(text, values);
            },
          }),
        );
        const done = await sent(transaction);
        if (made.mode === 'ambiguous') throw fault();
        return done;
      },
    },
  };
  return made;
}
