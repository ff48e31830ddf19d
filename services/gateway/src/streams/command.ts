import { defaultTenant, type Message } from '@parley/contracts';
import type { Database, Outbox, Sql } from '@parley/spine';
import type { AuditStore } from '../access/audit-store.ts';
import { actFor } from '../access/tenant.ts';
import type { RequestContext } from '../api/request-context.ts';
import type { Reply } from '../api/route.ts';
import type { Answer, IdempotencyStore } from './idempotency-store.ts';

export interface CommandDeps {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly idempotency: IdempotencyStore;
  readonly audit: AuditStore;
}

/** Adds a command to the outbox. */
export type WriteCommand = (topic: string, message: Message) => Promise<void>;

/** What a command does in its transaction. */
export type CommandWork = (tx: Sql, write: WriteCommand) => Promise<Answer>;

export interface CommandOptions {
  /** Its entry in the audit log, if it has one. */
  readonly audit?: { readonly action: string; readonly target: string };
  /** Slow work outside of the transaction, before it; left out for a key that was answered before. */
  prepare?(): Promise<void>;
}

/** Commits, then answers: what is acknowledged is durable. A key that was answered before gets that answer again. */
export function createCommand(deps: CommandDeps) {
  async function isKnown(tenant: string, key: string | undefined, body: unknown): Promise<boolean> {
    if (key === undefined) return false;
    return deps.db.transaction(async (tx) => {
      await actFor(tx, tenant);
      return (await deps.idempotency.claim(tx, tenant, key, body)) !== undefined;
    });
  }

  return async (
    context: RequestContext,
    body: unknown,
    work: CommandWork,
    { prepare, audit }: CommandOptions = {},
  ): Promise<Answer> => {
    const { tenant, subject } = context;
    const key = keyOf(context);
    if (prepare !== undefined && !(await isKnown(tenant, key, body))) await prepare();
    const answer = await deps.db.transaction(async (tx) => {
      await actFor(tx, tenant);
      const known = key === undefined ? undefined : await deps.idempotency.claim(tx, tenant, key, body);
      if (known !== undefined) return known;
      const made = await work(tx, (topic, message) => deps.outbox.write(tx, topic, [message]));
      if (key !== undefined) await deps.idempotency.keep(tx, tenant, key, body, made);
      if (audit !== undefined) await deps.audit.add(tx, { tenant, subject, ...audit, outcome: 'ok' });
      return made;
    });
    deps.outbox.notify();
    return answer;
  };
}
export type Command = ReturnType<typeof createCommand>;

/** The answer of a command. @param within the path under which its `id` is found; without it, no place is named */
export function replyOf({ status, response: body }: Answer, within?: string): Reply {
  const { id } = body as { id: string };
  return { status, body, ...(within === undefined ? {} : { headers: { Location: `${within}/${id}` } }) };
}

/** The same key of another tenant is another key. */
function keyOf({ tenant, idempotencyKey }: RequestContext): string | undefined {
  return idempotencyKey === undefined || tenant === defaultTenant ? idempotencyKey : `${tenant} ${idempotencyKey}`;
}
