import { ParleyError } from '@parley/contracts';
import {
  type DeadLetterView,
  deadLetterDetail,
  deadLetterPage,
  deadLetterQuery,
  replayedView,
  replayLetterBody,
} from '@parley/contracts/http';
import type { Database } from '@parley/spine';
import { z } from 'zod';
import { onBehalfOf } from '../access/tenant.ts';
import { bareExamples, commandAnswers, faults, json, keyHeader, problem, unknown } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import { sendable } from '../domain/letter.ts';
import { type Command, type CommandWork, replyOf } from '../streams/command.ts';
import type { DeadLetterStore, FoundLetter } from './dead-letter-store.ts';

export interface DeadLetterRoutesDeps {
  readonly db: Database;
  readonly command: Command;
  readonly deadLetters: DeadLetterStore;
}

const params = z.strictObject({ id: z.uuid().toLowerCase() });
const pageSize = 20;

/** Messages of the tenant that no service could read, for its admins: to look at, and to send again. */
export function deadLetterRoutes({ db, command, deadLetters }: DeadLetterRoutesDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/dead-letters',
      id: 'listDeadLetters',
      needs: 'admin',
      summary: 'Messages that a service could not read, newest first.',
      query: deadLetterQuery,
      responses: { 200: json(deadLetterPage, 'One page.'), ...faults },
      async handle({ context: { tenant }, query: { limit = pageSize, cursor } }) {
        const rows = await deadLetters.page(onBehalfOf(db, tenant), tenant, limit + 1, cursor);
        const letters = rows.slice(0, limit).map(viewOf);
        return { body: { letters, next: rows.length > limit ? (letters.at(-1)?.id ?? null) : null } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/dead-letters/{id}',
      id: 'getDeadLetter',
      needs: 'admin',
      summary: 'One of them, with what it was.',
      params,
      responses: { 200: json(deadLetterDetail, 'The dead letter.'), ...unknown('dead letter'), ...faults },
      async handle({ context: { tenant }, params: { id } }) {
        const found = await deadLetters.find(onBehalfOf(db, tenant), tenant, id);
        if (found === undefined) throw missing(id);
        return { body: { ...viewOf(found), original: found.original } };
      },
    }),
    route({
      method: 'post',
      path: '/v1/dead-letters/{id}/replay',
      id: 'replayDeadLetter',
      needs: 'admin',
      summary: 'Send it again to the topic it was on. A service that has handled it knows it by its id.',
      params,
      headers: keyHeader,
      body: { schema: replayLetterBody, examples: bareExamples },
      responses: {
        202: json(replayedView, 'It is on its way.'),
        ...unknown('dead letter'),
        ...commandAnswers,
        409: problem('In flight.'),
        422: problem('It cannot be sent again (NOT_REPLAYABLE), or the Idempotency-Key was used with another body.'),
        ...faults,
      },
      async handle({ params: { id }, body, context }) {
        const work: CommandWork = async (tx, write) => {
          const found = await deadLetters.find(tx, context.tenant, id);
          if (found === undefined) throw missing(id);
          const revived = sendable(found);
          if (!revived.ok)
            throw new ParleyError('NOT_REPLAYABLE', `Dead letter ${id} cannot be sent again: ${revived.reason}.`);
          await write(found.topic, revived.message);
          const replayedAt = await deadLetters.replayed(tx, context.tenant, id);
          return { status: 202, response: { id, topic: found.topic, replayedAt } };
        };
        const audit = { action: 'dead-letter.replay', target: id };
        return replyOf(await command(context, body, work, { audit }));
      },
    }),
  ];
}

const missing = (id: string) => new ParleyError('NOT_FOUND', `There is no dead letter ${id}.`);

function viewOf({ original, tenant: _, ...letter }: FoundLetter): DeadLetterView {
  const revived = sendable({ topic: letter.topic, original });
  return { ...letter, stuck: revived.ok ? null : revived.reason };
}
