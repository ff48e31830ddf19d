import {
  auditPage,
  auditQuery,
  createKeyBody,
  keyPage,
  newKeyView,
  problemSchema,
  rotateKeyBody,
  slosView,
  usageQuery,
  usageView,
} from '@parley/contracts';
import { z } from 'zod';
import { faults, json, problem, unknown } from './api/openapi-answers.ts';
import { documentOf, type OpenApiDocument, type Operation } from './api/openapi-builder.ts';
import { debateOperations } from './features/debates/debate-operations.ts';
import { features } from './features/features.ts';
import { systemOperations } from './operating/operations.ts';
import { streamOperations } from './streams/operations.ts';

const params = z.object({ id: z.uuid() });
const keyExamples = {
  service: { summary: 'For a year.', value: { name: 'Nightly report', scopes: ['read'], expiresInDays: 365 } },
};
const rotateExamples = { hour: { summary: 'The old key ends in an hour.', value: { overlapSeconds: 3_600 } } };
const tooLarge = { 413: problem('The body is larger than 64 kB.') };

/** Credentials; keys and the audit log need the scope `admin`. */
const accessOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/tickets',
    id: 'createTicket',
    summary: 'A ticket to open one event stream or WebSocket within a minute, for browsers.',
    responses: {
      201: json(
        z.object({ ticket: z.string(), expiresAt: z.iso.datetime() }),
        'Put it in `?ticket=`; it is good once.',
      ),
      ...tooLarge,
      ...faults,
    },
  },
  {
    method: 'post',
    path: '/v1/keys',
    id: 'createKey',
    summary: 'Make an API key. It is shown in this answer and never again.',
    body: { schema: createKeyBody, examples: keyExamples, isRequired: true },
    responses: { 201: json(newKeyView, 'The key.'), ...tooLarge, ...faults },
  },
  {
    method: 'get',
    path: '/v1/keys',
    id: 'listKeys',
    summary: 'API keys, newest first, with those that are revoked.',
    responses: { 200: json(keyPage, 'The newest 1,000.'), ...faults },
  },
  {
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    id: 'rotateKey',
    summary: 'Make a key like this one, which goes on beside it for the overlap.',
    params,
    body: { schema: rotateKeyBody, examples: rotateExamples },
    responses: {
      201: json(newKeyView, 'The new key.'),
      ...unknown('key'),
      409: problem('It is revoked.'),
      ...tooLarge,
      ...faults,
    },
  },
  {
    method: 'delete',
    path: '/v1/keys/{id}',
    id: 'revokeKey',
    summary: 'Revoke a key, at once and for good.',
    params,
    responses: { 204: { description: 'It is revoked.' }, ...unknown('key'), ...tooLarge, ...faults },
  },
  {
    method: 'get',
    path: '/v1/audit',
    id: 'listAudit',
    summary: 'Who did what in the tenant, oldest first; each row is sealed with the one before.',
    query: auditQuery,
    responses: { 200: json(auditPage, 'One page.'), ...faults },
  },
];

const otherOperations: readonly Operation[] = [
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
  {
    method: 'get',
    path: '/v1/usage',
    id: 'getUsage',
    summary: 'Tokens and money by day, agent or model.',
    query: usageQuery,
    responses: { 200: json(usageView, 'What was spent, both days included.'), ...faults },
  },
  {
    method: 'get',
    path: '/v1/slos',
    id: 'getSlos',
    summary: 'What is promised, how it stands, and how much may still go wrong.',
    responses: { 200: json(slosView, 'Every objective; one of which nothing is known says why.'), ...faults },
  },
];

/** The OpenAPI 3.1 document, from the schemas that the routes themselves use. */
export function openApiDocument(): OpenApiDocument {
  const operations = [
    ...debateOperations,
    ...streamOperations(features.map(({ kind }) => kind)),
    ...accessOperations,
    ...systemOperations,
    ...otherOperations,
  ];
  return documentOf(operations, problemSchema, {
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
