import type { StreamKind } from '@parley/contracts';
import { z } from 'zod';
import { commandAnswers, faults, json, keyHeader, unknown } from '../api/openapi-answers.ts';
import type { Examples } from '../api/openapi-builder.ts';
import type { RequestContext } from '../api/request-context.ts';
import { type Route, route } from '../api/route.ts';
import { replyOf } from './command.ts';
import type { Answer } from './idempotency-store.ts';

/** Something that users ask of one stream of a kind while it goes on. */
export interface ControlRoute<Body> {
  readonly kind: StreamKind;
  /** Last part of the path. */
  readonly word: string;
  readonly id: string;
  readonly summary: string;
  /** Meaning of the 202. */
  readonly answer: string;
  readonly body: { readonly schema: z.ZodType<Body>; readonly examples: Examples };
  send(context: RequestContext, stream: string, body: Body): Promise<Answer>;
}

/** Path parameters of a route about one stream of a kind, which is known by its id in lower case. */
export const streamParams = ({ name }: StreamKind) =>
  z.strictObject({ id: z.uuid(`a ${name} id is a UUID`).toLowerCase() });

/** The route of a control: `POST /v1/{path}/{id}/{word}`, answered when it is durable. */
export function controlRoute<Body>({ kind, word, id, summary, answer, body, send }: ControlRoute<Body>): Route {
  const within = `/v1/${kind.path}`;
  return route({
    method: 'post',
    path: `${within}/{id}/${word}`,
    id,
    summary,
    needs: 'write',
    params: streamParams(kind),
    headers: keyHeader,
    body,
    responses: {
      202: json(z.object({ id: z.uuid(), status: z.string() }), answer),
      ...unknown(kind.name),
      ...commandAnswers,
      ...faults,
    },
    handle: async ({ params, body: asked, context }) => replyOf(await send(context, params.id, asked), within),
  });
}
