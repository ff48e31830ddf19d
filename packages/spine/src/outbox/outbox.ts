import { randomUUID } from 'node:crypto';
import type { Message } from '@parley/contracts';
import { createBacklogReader } from '../backlog.ts';
import type { Database, Sql } from '../database/database.ts';
import type { ReachFailpoint } from '../failpoint.ts';
import type { SpineHooks } from '../hooks.ts';
import { statements } from '../statements.ts';
import { outboxColumns } from './outbox-rows.ts';
import { createRelay } from './relay.ts';
import type { Publisher } from './send.ts';

/** The outbox alone, for a service that has no deciders of its own. */
export function createOutbox(options: {
  readonly db: Database;
  readonly schema: string;
  readonly service: string;
  readonly bus: Publisher;
  readonly pollMs?: number;
  readonly failpoint?: ReachFailpoint;
  readonly hooks?: SpineHooks;
}) {
  const sql = statements(options.schema);
  options.hooks?.onOpen?.(createBacklogReader(options.db, sql), []);
  const relay = createRelay({
    db: options.db,
    sql,
    owner: `${options.service}/${randomUUID()}`,
    channel: `parley/${options.schema}/outbox`,
    bus: options.bus,
    pollMs: options.pollMs ?? 1_000,
    failpoint: options.failpoint ?? (() => {}),
    hooks: options.hooks ?? {},
  });
  return {
    /** Writes in the caller's transaction. Call `notify` after its commit. */
    async write(tx: Sql, topic: string, messages: readonly Message[]): Promise<void> {
      await tx.query(sql.enqueue, outboxColumns(topic, messages));
    },
    notify: relay.notify,
    async start(): Promise<void> {
      if (options.db.isExclusive) await options.db.query(sql.takeOver);
      relay.notify();
    },
    stop: relay.stop,
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
