import { type Database, quoteSchema } from './database/database.ts';

export interface HousekeepingOptions {
  readonly db: Database;
  readonly schemas: readonly string[];
  /** Hours for which ids of handled inputs are known. Must exceed the topics' retention plus the longest outage. */
  readonly dedupeHours: number;
  readonly everyMs: number;
  onTrouble?(thrown: unknown): void;
}

/** Rows deleted by one statement: a long delete would hold up the ticks. */
const atOnce = 5_000;
/** Hours for which a probe's log can be looked at. */
const probeHours = 24;
const hotTables = ['stream', 'inbox', 'effect', 'outbox', 'relay'] as const;

/**
 * Forgets what is past its horizon and, where the database has no workers of its own, vacuums what ticks update all
 * the time. Events are never touched, but for those of probes.
 */
export function createHousekeeping(options: HousekeepingOptions) {
  const { db } = options;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  /** Deletes portion by portion until nothing is left to delete. */
  async function forget(text: string): Promise<void> {
    const counted = `with gone as (${text} returning 1) select count(*)::integer as n from gone`;
    while (!isStopped) {
      const [row] = await db.query<{ n: number }>(counted, [options.dedupeHours, atOnce]);
      if ((row?.n ?? 0) === 0) return;
    }
  }

  async function prune(schema: string): Promise<void> {
    const s = quoteSchema(schema);
    await forget(`delete from ${s}.inbox where ctid = any(array(select ctid from ${s}.inbox
      where state = 'handled' and at < clock_timestamp() - make_interval(hours => $1) limit $2))`);
    await forget(`delete from ${s}.effect where stream_id = any(array(select id from ${s}.stream
      where status = 'finished' and finished_at < clock_timestamp() - make_interval(hours => $1)
        and exists (select 1 from ${s}.effect e where e.stream_id = id) limit $2))`);
  }

  async function forgetProbes(schema: string): Promise<void> {
    const text = `select ${quoteSchema(schema)}.forget_probes($1, $2) as n`;
    while (!isStopped) {
      const [row] = await db.query<{ n: number }>(text, [probeHours, atOnce]);
      if ((row?.n ?? 0) < atOnce) return;
    }
  }

  async function run(): Promise<void> {
    try {
      for (const schema of options.schemas) {
        await prune(schema);
        await forgetProbes(schema);
        if (!db.needsVacuum || isStopped) continue;
        for (const table of hotTables) await db.query(`vacuum (analyze) ${quoteSchema(schema)}.${table}`);
        await db.query(`analyze ${quoteSchema(schema)}.event`);
      }
    } catch (thrown) {
      options.onTrouble?.(thrown);
    }
    if (!isStopped) timer = setTimeout(() => void run(), options.everyMs).unref();
  }

  return {
    run,
    start(): void {
      timer = setTimeout(() => void run(), options.everyMs).unref();
    },
    stop(): void {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
