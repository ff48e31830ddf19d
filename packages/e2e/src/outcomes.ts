import type { Sql } from '@parley/spine';
import { agentSchemas, type Violation } from './checker.ts';

/** How debates ended, and what their effects were charged with. */
export interface Outcomes {
  readonly verdicts: number;
  /** Of these, ended by their own deadline. */
  readonly byDeadline: number;
  readonly cancelled: number;
  /** Each with why it failed: none may, for whatever kills. */
  readonly failed: readonly string[];
  readonly crashes: Charges;
}

/** What the ends of processes were charged to. */
export interface Charges {
  /** Effects that were in flight at an end of their process. */
  readonly effects: number;
  /** Of these, effects that ran alone at such an end. */
  readonly alone: number;
  /** Most ends of its process that one effect saw since it was cleared, and most of all while it ran alone. */
  readonly most: number;
  readonly mostAlone: number;
}

interface Closed {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly why: string | null;
}

export async function outcomesOf(db: Sql): Promise<Outcomes> {
  const closed = await db.query<Closed>(
    `select c.stream_id as id, c.data->>'status' as status, c.data->>'stopReason' as reason, f.why
      from moderator.event c cross join lateral (
        select string_agg(concat_ws(' ', data->>'code', data->>'reason'), ', ') as why
        from (select * from debater_a.event union all select * from debater_b.event) d
        where d.type = 'turn-failed.v1' and d.stream_id like c.stream_id || '/%') f
      where c.type = 'debate-closed.v1'`,
  );
  const [charges] = await db.query<Charges>(
    `select count(*) filter (where crashes > 0)::int as effects, count(*) filter (where crashes_alone_ever > 0)::int as alone,
        coalesce(max(crashes), 0) as most, coalesce(max(crashes_alone_ever), 0) as "mostAlone"
      from (${agentSchemas.map((schema) => `select crashes, crashes_alone_ever from ${schema}.effect`).join(' union all ')}) e`,
  );
  return {
    verdicts: closed.filter(({ status }) => status === 'closed').length,
    byDeadline: closed.filter(({ reason }) => reason === 'deadline').length,
    cancelled: closed.filter(({ status }) => status === 'cancelled').length,
    failed: closed.filter(({ status }) => status === 'failed').map(({ id, why }) => `${id}: ${why}`),
    crashes: charges ?? { effects: 0, alone: 0, most: 0, mostAlone: 0 },
  };
}

export function lostOf({ failed }: Outcomes): Violation[] {
  return failed.map((detail) => ({ rule: 'no debate is lost to a kill from outside', detail }));
}
