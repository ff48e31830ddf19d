import { quoteSchema, type Sql } from '@parley/spine';
import { ofTenant } from '../access/tenant.ts';

export interface KeptLetter {
  readonly id: string;
  readonly tenant: string;
  readonly letter: string;
  readonly service: string;
  readonly topic: string;
  readonly reason: string;
  readonly original: string;
  readonly at: string;
}
export interface FoundLetter extends KeptLetter {
  readonly replayedAt: string | null;
}
type LetterRow = Omit<KeptLetter, 'at'> & { readonly at: Date; readonly replayed_at: Date | null };

const columns = 'id, tenant, letter, service, topic, reason, original, at';

export function deadLetterStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** One that is known changes nothing. */
    async add(sql: Sql, letter: KeptLetter): Promise<void> {
      const { id, tenant, letter: name, service, topic, reason, original, at } = letter;
      await sql.query(
        `insert into ${s}.dead_letter (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
        [id, tenant, name, service, topic, reason, original, at],
      );
    },

    async find(sql: Sql, tenant: string, id: string): Promise<FoundLetter | undefined> {
      const [row] = await sql.query<LetterRow>(
        `select ${columns}, replayed_at from ${s}.dead_letter where id = $1 and tenant = $2`,
        [id, tenant],
      );
      return row && foundOf(row);
    },

    /** Newest first, those after the letter `before`. */
    async page(sql: Sql, tenant: string, limit: number, before: string | undefined): Promise<FoundLetter[]> {
      const rows = await sql.query<LetterRow>(
        `select ${columns}, replayed_at from ${s}.dead_letter where tenant = $1 and ($3::uuid is null
           or (at, id) < (select at, id from ${s}.dead_letter where id = $3 and tenant = $1))
         order by at desc, id desc limit $2`,
        [tenant, limit, before ?? null],
      );
      return rows.map(foundOf);
    },

    /** @returns when that was; undefined where there is no such letter. */
    async replayed(sql: Sql, tenant: string, id: string): Promise<string | undefined> {
      const [row] = await sql.query<{ replayed_at: Date }>(
        `update ${s}.dead_letter set replayed_at = clock_timestamp() where id = $1 and ${ofTenant(2)} returning replayed_at`,
        [id, tenant],
      );
      return row?.replayed_at.toISOString();
    },

    /** Counts the letters of each service that were not sent again. */
    async counts(sql: Sql): Promise<ReadonlyMap<string, number>> {
      const rows = await sql.query<{ service: string; n: number }>(
        `select service, count(*)::integer as n from ${s}.dead_letter where replayed_at is null group by service`,
      );
      return new Map(rows.map(({ service, n }) => [service, n]));
    },

    /** Forgets what the topics have forgotten, too. */
    async prune(sql: Sql, hours: number): Promise<void> {
      await sql.query(`delete from ${s}.dead_letter where at < clock_timestamp() - make_interval(hours => $1)`, [
        hours,
      ]);
    },
  };
}
export type DeadLetterStore = ReturnType<typeof deadLetterStore>;

function foundOf({ at, replayed_at, ...row }: LetterRow): FoundLetter {
  return { ...row, at: at.toISOString(), replayedAt: replayed_at?.toISOString() ?? null };
}
