import type { Database } from '../database/database.ts';
import { envelope } from '../outbox/envelope.ts';
import { outboxColumns } from '../outbox/outbox-rows.ts';
import type { Statements } from '../statements.ts';

export interface UnparkDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly service: string;
  /** Topic that parked and unparked streams are reported on. */
  readonly parkedTopic: string | undefined;
}

interface FoundRow {
  readonly kind: string;
  readonly tenant: string;
  readonly status: string;
}

/**
 * Makes the inputs that a stream was set aside with pending again, and reports it in the same transaction. It reports
 * also where there was nothing to do, so that a reader which believes otherwise learns it. Resolves to false where
 * there is no such stream.
 */
export function createUnpark({ db, sql, service, parkedTopic }: UnparkDeps): (stream: string) => Promise<boolean> {
  return (stream) =>
    db.transaction(async (tx) => {
      // Locked first: a statement that waited for the lock would not see the inputs that were parked meanwhile.
      const [found] = await tx.query<FoundRow>(sql.findStream, [stream]);
      if (found === undefined) return false;
      const wasParked = found.status === 'parked';
      if (wasParked) await tx.query(sql.unpark, [stream]);
      if (parkedTopic === undefined) return true;
      const [{ at = 0 } = {}] = await tx.query<{ at: number }>(sql.now);
      const message = envelope({
        id: `unparked/${found.kind}/${stream}/${at}`,
        type: 'stream-unparked.v1',
        source: service,
        subject: stream,
        data: { service, kind: found.kind, stream, wasParked },
        time: new Date(at).toISOString(),
        tenant: found.tenant,
        traceparent: undefined,
      });
      await tx.query(sql.enqueue, outboxColumns(parkedTopic, [message]));
      return true;
    });
}
