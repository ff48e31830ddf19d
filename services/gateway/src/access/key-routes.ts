import { createKeyBody, keyPage, newKeyView, rotateKeyBody } from '@parley/contracts/http';
import { z } from 'zod';
import { faults, json, problem, tooLarge, unknown } from '../api/openapi-answers.ts';
import { type Route, route } from '../api/route.ts';
import type { ApiKeyService } from './api-key-service.ts';

const params = z.strictObject({ id: z.uuid('a key id is a UUID').toLowerCase() });
const keyExamples = {
  service: { summary: 'For a year.', value: { name: 'Nightly report', scopes: ['read'], expiresInDays: 365 } },
};
const rotateExamples = { hour: { summary: 'The old key ends in an hour.', value: { overlapSeconds: 3_600 } } };
const headers = { 'Cache-Control': 'no-store' };
const placeOf = (id: string) => ({ ...headers, Location: `/v1/keys/${id}` });

/** The API keys of the caller's tenant, for its admins. */
export function keyRoutes({ apiKeyService }: { readonly apiKeyService: ApiKeyService }): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/keys',
      id: 'createKey',
      summary: 'Make an API key. It is shown in this answer and never again.',
      needs: 'admin',
      body: { schema: createKeyBody, examples: keyExamples, isRequired: true },
      responses: { 201: json(newKeyView, 'The key.'), ...tooLarge, ...faults },
      async handle({ context, body }) {
        const made = await apiKeyService.create(context, body);
        return { status: 201, headers: placeOf(made.id), body: made };
      },
    }),
    route({
      method: 'get',
      path: '/v1/keys',
      id: 'listKeys',
      summary: 'API keys, newest first, with those that are revoked.',
      needs: 'admin',
      responses: { 200: json(keyPage, 'The newest 1,000.'), ...faults },
      handle: async ({ context }) => ({ headers, body: { keys: await apiKeyService.list(context.tenant) } }),
    }),
    route({
      method: 'post',
      path: '/v1/keys/{id}/rotate',
      id: 'rotateKey',
      summary: 'Make a key like this one, which goes on beside it for the overlap.',
      needs: 'admin',
      params,
      body: { schema: rotateKeyBody, examples: rotateExamples },
      responses: {
        201: json(newKeyView, 'The new key.'),
        ...unknown('key'),
        409: problem('It is revoked.'),
        ...tooLarge,
        ...faults,
      },
      async handle({ context, params: { id }, body: { overlapSeconds } }) {
        const made = await apiKeyService.rotate(context, id, overlapSeconds);
        return { status: 201, headers: placeOf(made.id), body: made };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/keys/{id}',
      id: 'revokeKey',
      summary: 'Revoke a key, at once and for good.',
      needs: 'admin',
      params,
      responses: { 204: { description: 'It is revoked.' }, ...unknown('key'), ...tooLarge, ...faults },
      async handle({ context, params: { id } }) {
        await apiKeyService.revoke(context, id);
        return { status: 204, headers };
      },
    }),
  ];
}
