import { quoteSchema, type Sql } from '@parley/spine';
import { ofTenant } from '../../access/tenant.ts';

/** Where to tell of a task's events, and how to prove who tells. */
export interface PushConfig {
  readonly task: string;
  readonly id: string;
  readonly agent: string;
  readonly url: string;
  readonly token: string | null;
  readonly scheme: string | null;
  readonly credentials: string | null;
}

/** One that this process holds the lease of. */
export interface DuePush extends PushConfig {
  readonly sentSeq: number;
  readonly failures: number;
}

const columns = 'debate_id as task, id, agent, url, token, scheme, credentials';

export function pushConfigStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** One that is there already gets the new address and credentials, and goes on where it is, if it has not had all. */
    async put(sql: Sql, tenant: string, { task, id, ...config }: PushConfig, sentSeq: number): Promise<void> {
      await sql.query(
        `insert into ${s}.push_config as c (debate_id, id, tenant, agent, url, token, scheme, credentials, sent_seq)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (debate_id, id) do update set agent = excluded.agent, url = excluded.url, token = excluded.token,
           scheme = excluded.scheme, credentials = excluded.credentials, failures = 0,
           due_at = case when exists (select from ${s}.stream_listing st where st.id = c.debate_id and st.closed_at is not null
             and c.sent_seq = (select max(seq) from ${s}.stream_event e where e.stream_id = c.debate_id)) then c.due_at else clock_timestamp() end`,
        [task, id, tenant, config.agent, config.url, config.token, config.scheme, config.credentials, sentSeq],
      );
    },

    of: (sql: Sql, tenant: string, task: string): Promise<PushConfig[]> =>
      sql.query<PushConfig>(
        `select ${columns} from ${s}.push_config where debate_id = $1 and ${ofTenant(2)} order by id`,
        [task, tenant],
      ),

    async remove(sql: Sql, tenant: string, task: string, id: string): Promise<boolean> {
      const gone = await sql.query(
        `delete from ${s}.push_config where debate_id = $1 and id = $2 and ${ofTenant(3)} returning id`,
        [task, id, tenant],
      );
      return gone.length > 0;
    },

    /** Whether anything is told to anybody, and in how many milliseconds the next lease or wait ends. */
    async nextDue(sql: Sql): Promise<{ readonly isOpen: boolean; readonly nextMs: number | null }> {
      const [row] = await sql.query<{ open: boolean; next_ms: number | null }>(
        `select count(*) > 0 as open, extract(epoch from
           min(due_at) filter (where due_at > clock_timestamp()) - clock_timestamp())::float8 * 1000 as next_ms
         from ${s}.push_config where due_at < 'infinity'`,
      );
      return { isOpen: row?.open ?? false, nextMs: row?.next_ms ?? null };
    },

    /** Takes those that have something to tell; nobody else takes them before the lease ends. */
    claim: (sql: Sql, most: number, leaseSeconds: number): Promise<DuePush[]> =>
      sql.query<DuePush>(
        `with due as (
           select debate_id, id from ${s}.push_config c where due_at <= clock_timestamp()
             and exists (select from ${s}.stream_event e where e.stream_id = c.debate_id and e.seq > c.sent_seq)
           order by due_at limit $1 for update skip locked)
         update ${s}.push_config set due_at = clock_timestamp() + make_interval(secs => $2)
         where (debate_id, id) in (select debate_id, id from due)
         returning ${columns}, sent_seq as "sentSeq", failures`,
        [most, leaseSeconds],
      ),

    /** Remembers an acknowledgement and holds on. False when there is nobody to tell any more. */
    async acknowledge(sql: Sql, { task, id }: DuePush, seq: number, leaseSeconds: number): Promise<boolean> {
      const rows = await sql.query(
        `update ${s}.push_config set sent_seq = greatest(sent_seq, $3), failures = 0,
           due_at = clock_timestamp() + make_interval(secs => $4)
         where debate_id = $1 and id = $2 returning id`,
        [task, id, seq, leaseSeconds],
      );
      return rows.length > 0;
    },

    /** Lets go until so many seconds later. */
    async release(sql: Sql, { task, id }: DuePush, seconds: number, failures: number): Promise<void> {
      await sql.query(
        `update ${s}.push_config set failures = $4, due_at = clock_timestamp() + make_interval(secs => $3)
         where debate_id = $1 and id = $2`,
        [task, id, seconds, failures],
      );
    },

    /** Tells nothing more. What proved who tells is forgotten. */
    async finish(sql: Sql, { task, id }: DuePush): Promise<void> {
      await sql.query(
        `update ${s}.push_config set due_at = 'infinity', token = null, scheme = null, credentials = null
         where debate_id = $1 and id = $2`,
        [task, id],
      );
    },
  };
}
export type PushConfigStore = ReturnType<typeof pushConfigStore>;
