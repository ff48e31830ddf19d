import { problemSchema } from '@parley/contracts/http';
import { z } from 'zod';
import { json, problem } from './api/openapi-answers.ts';
import { documentOf, type OpenApiDocument, type Operation } from './api/openapi-builder.ts';
import { type RouteParts, routesOf } from './routes.ts';

const documents: readonly Operation[] = [
  {
    method: 'get',
    path: '/openapi.json',
    id: 'getOpenApi',
    summary: 'This document.',
    isOpen: true,
    responses: { 200: json(z.object({ openapi: z.string() }), 'OpenAPI 3.1.'), 405: problem('Only GET.') },
  },
  {
    method: 'get',
    path: '/asyncapi.json',
    id: 'getAsyncApi',
    summary: 'The messages that services exchange.',
    isOpen: true,
    responses: { 200: json(z.object({ asyncapi: z.string() }), 'AsyncAPI 3.1.'), 405: problem('Only GET.') },
  },
];

/** The OpenAPI 3.1 document of the routes themselves. */
export function openApiDocument(): OpenApiDocument {
  // Routes say what they are without what they work on: no handler is called here.
  const routes = routesOf({} as RouteParts);
  return documentOf([...routes, ...documents], problemSchema, {
    info: {
      title: 'Parley',
      version: '1',
      description: 'Agents as services: debates that survive everything.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
  });
}
