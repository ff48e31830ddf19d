import { defaultTenant, type Message, topics } from '@parley/contracts';
import { callerOf, parse } from '@parley/runtime';
import type { Database, Outbox, Sql } from '@parley/spine';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Answer, IdempotencyStore } from '../store/idempotency.ts';
import { actFor } from '../store/tenant.ts';

export interface CommandDeps {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly idempotency: IdempotencyStore;
}

/** What a command does in its transaction; `write` adds to the outbox. */
export type CommandWork = (tx: Sql, write: (message: Message) => Promise<void>) => Promise<Answer>;

export interface CommandOptions {
  /** The path under which the answer's `id` is found. */
  readonly within?: string;
  /** Slow work outside of the transaction, before it; left out for a key that was answered before. */
  prepare?(): Promise<void>;
}

const keyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces'),
});

/** Commits, then answers: what is acknowledged is durable. A key that was answered before gets that answer again. */
export function createCommand(deps: CommandDeps) {
  async function isKnown(tenant: string, key: string | undefined, body: unknown): Promise<boolean> {
    if (key === undefined) return false;
    return deps.db.transaction(async (tx) => {
      await actFor(tx, tenant);
      return (await deps.idempotency.claim(tx, key, body)) !== undefined;
    });
  }

  return async (
    request: Request,
    response: Response,
    body: unknown,
    work: CommandWork,
    { within = '/v1/debates', prepare }: CommandOptions = {},
  ): Promise<void> => {
    const { tenant } = callerOf(response);
    const key = keyOf(request, tenant);
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
    const { id } = answer.response as { id: string };
    response.status(answer.status).set('Location', `${within}/${id}`).json(answer.response);
  };
}

/** A key is one tenant's word for one route: the same word of another, or on another route, is another key. */
function keyOf(request: Request, tenant: string): string | undefined {
  const header = request.get('Idempotency-Key');
  if (header === undefined) return undefined;
  const { 'Idempotency-Key': key } = parse(keyHeader, { 'Idempotency-Key': header }, 'header');
  const word = `${request.method} ${request.path} ${key}`;
  return tenant === defaultTenant ? word : `${tenant} ${word}`;
}
