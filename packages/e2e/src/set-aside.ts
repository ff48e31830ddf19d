import type { Sql } from '@parley/spine';

/**
 * Sets a paused debate aside with the input that goes on with it, as its service would and as its gateway hears of it.
 * Resolves to the key of the gateway's row.
 */
export async function setAside(db: Sql, debate: string): Promise<string> {
  await db.query(
    `update moderator.stream set status = 'parked', parked_reason = 'as told', parked_input = 'resume-debate.v1',
       parked_at = clock_timestamp() where id = $1`,
    [debate],
  );
  await db.query(
    `insert into moderator.inbox (id, stream_id, kind, state, type, data)
     values ('resume', $1, 'debate', 'parked', 'resume-debate.v1', '{"type": "resume-debate.v1", "data": {}}')`,
    [debate],
  );
  const [row] = await db.query<{ key: string }>(
    `insert into gateway.parked (id, service, kind, stream, input, reason, at)
     values ('parked', 'moderator', 'debate', $1, 'resume-debate.v1', 'as told', clock_timestamp()) returning key`,
    [debate],
  );
  if (row === undefined) throw new Error(`Debate ${debate} was not set aside.`);
  return row.key;
}
