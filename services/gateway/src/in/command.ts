import { defaultTenant, type Message, topics } from '@parley/contracts';
import type { Database, Outbox, Sql } from '@parley/spine';
import type { Answer, IdempotencyStore } from '../store/idempotency.ts';
import { actFor } from '../store/tenant.ts';
import type { Asking } from './asking.ts';

export interface CommandDeps {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly idempotency: IdempotencyStore;
}

/** What a command does in its transaction; `write` adds to the outbox. */
export type CommandWork = (tx: Sql, write: (message: Message) => Promise<void>) => Promise<Answer>;

/** Commits, then answers: what is acknowledged is durable. A key that was answered before gets that answer again. */
export function createCommand(deps: CommandDeps) {
  async function isKnown(tenant: string, key: string | undefined, body: unknown): Promise<boolean> {
    if (key === undefined) return false;
    return deps.db.transaction(async (tx) => {
      await actFor(tx, tenant);
      return (await deps.idempotency.claim(tx, key, body)) !== undefined;
    });
  }

  /** @param prepare slow work outside of the transaction, before it; left out for a key that was answered before */
  return async (asking: Asking, body: unknown, work: CommandWork, prepare?: () => Promise<void>): Promise<Answer> => {
    const { tenant } = asking;
    const key = keyOf(asking);
    if (prepare !== undefined && !(await isKnown(tenant, key, body))) await prepare();
    const answer = await deps.db.transaction(async (tx) => {
      await actFor(tx, tenant);
      const known = key === undefined ? undefined : await deps.idempotency.claim(tx, key, body);
      if (known !== undefined) return known;
      const made = await work(tx, (message) => deps.outbox.write(tx, topics.debateCommands.name, [message]));
      if (key !== undefined) await deps.idempotency.keep(tx, tenant, key, body, made);
      return made;
    });
    deps.outbox.notify();
    return answer;
  };
}
export type Command = ReturnType<typeof createCommand>;

/** The same word of another tenant is another key. */
function keyOf({ tenant, word }: Asking): string | undefined {
  return word === undefined || tenant === defaultTenant ? word : `${tenant} ${word}`;
}
