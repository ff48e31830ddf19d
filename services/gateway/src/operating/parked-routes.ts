import { ParleyError, topics } from '@parley/contracts';
import { parkedPage, unparkBody, unparkView } from '@parley/contracts/http';
import { newId } from '@parley/runtime/id.ts';
import type { Database } from '@parley/spine';
import { z } from 'zod';
import { onBehalfOf } from '../access/tenant.ts';
import { bareExamples, commandAnswers, faults, json, keyHeader, problem, unknown } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import { type Command, type CommandWork, replyOf } from '../streams/command.ts';
import { createEnvelope } from '../streams/envelope.ts';
import type { ParkedStore } from '../streams/parked-store.ts';

export interface ParkedRoutesDeps {
  readonly db: Database;
  readonly command: Command;
  readonly parked: ParkedStore;
}

const params = z.strictObject({ id: z.uuid().toLowerCase() });
const shown = 100;

/** Streams of the tenant that a service has set aside, and another try for them, which the service itself gives. */
export function parkedRoutes({ db, command, parked }: ParkedRoutesDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/parked',
      id: 'listParked',
      needs: 'read',
      summary: 'Streams that are set aside because their decide threw.',
      responses: { 200: json(parkedPage, 'The newest 100.'), ...faults },
      async handle({ context: { tenant } }) {
        return { body: { parked: await parked.newest(onBehalfOf(db, tenant), tenant, shown) } };
      },
    }),
    route({
      method: 'post',
      path: '/v1/parked/{id}/unpark',
      id: 'unparkStream',
      needs: 'admin',
      summary: 'Have the service give the stream another try, with the inputs it was set aside with.',
      params,
      headers: keyHeader,
      body: { schema: unparkBody, examples: bareExamples },
      responses: {
        202: json(unparkView, 'The command is on its way; asking again does no harm.'),
        ...unknown('stream set aside'),
        ...commandAnswers,
        409: problem('In flight, or it is not set aside any more (NOT_PARKED).'),
        ...faults,
      },
      async handle({ params: { id }, body, context }) {
        const work: CommandWork = async (tx, write) => {
          const found = await parked.find(tx, context.tenant, id);
          if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no stream set aside as ${id}.`);
          const { service, kind, stream, isOver } = found;
          if (isOver) {
            throw new ParleyError(
              'NOT_PARKED',
              `${kind} ${stream} of ${service} is not set aside any more; see /v1/parked.`,
            );
          }
          const askedAt = await parked.ask(tx, context.tenant, id);
          const data = { service, kind, stream };
          const message = createEnvelope(context, `unpark/${newId()}`, stream, 'unpark-stream.v1', data);
          await write(topics.streamCommands.name, message);
          return { status: 202, response: { id, service, stream, askedAt } };
        };
        const audit = { action: 'stream.unpark', target: id };
        return replyOf(await command(context, body, work, { audit }));
      },
    }),
  ];
}
