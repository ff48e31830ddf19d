import { extendZodWithOpenApi, OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import {
  acceptedView,
  cancelDebateBody,
  createKeyBody,
  debatePage,
  debateView,
  keyPage,
  newKeyView,
  noteBody,
  pageQuery,
  parkedPage,
  pauseDebateBody,
  problemSchema,
  replayPage,
  replayRulesSchema,
  replayView,
  resumeDebateBody,
  rotateKeyBody,
  slosView,
  startDebateBody,
  usageQuery,
  usageView,
} from '@parley/contracts';
import { z } from 'zod';

extendZodWithOpenApi(z);

const json = (schema: z.ZodType, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});
const idParam = z.object({ id: z.uuid() });
const keyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(200)
    .optional()
    .describe('Asking again with the same key and body gives the same answer.'),
});

const streamQuery = z.object({
  after: z.coerce.number().int().min(0).optional(),
  ticket: z.string().optional().describe('Of POST /v1/tickets, instead of a header.'),
});

type Examples = Record<string, { summary: string; value: unknown }>;

const startExamples = {
  shortest: { summary: 'A topic is enough.', value: { topic: 'The impact of AI on the job market' } },
  settings: {
    summary: 'Three rounds between an economist and a union leader, within ten minutes.',
    value: {
      topic: 'The impact of AI on the job market',
      maxRounds: 3,
      sides: { pro: { persona: 'An economist.' }, con: { persona: 'A union leader.' } },
      deadlineSeconds: 600,
    },
  },
  panel: {
    summary: 'Three judges, none of whom sees the votes of the others.',
    value: { topic: 'Should cities ban private cars?', judge: { panel: 3 } },
  },
};
const bareExamples = { bare: { summary: 'There is nothing to add.', value: {} } };
const noteExamples = { note: { summary: 'To both sides.', value: { text: 'Please speak about costs too.' } } };
const replayExamples = {
  stricter: {
    summary: 'Would a lower threshold have stopped it earlier, and would three judges agree?',
    value: { thresholds: { containment: 0.4 }, judge: { panel: 3 } },
  },
};
const cancelExamples = { reason: { summary: 'Why, for the record.', value: { reason: 'The question is settled.' } } };

/** The OpenAPI 3.1 document, from the schemas that the routes themselves use. */
export function openApiDocument() {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key (`parley_…`) or a token of the identity provider.',
  });
  const faults = {
    400: problem('The input is not usable; `errors` names the fields.'),
    401: problem('There is no usable credential; `WWW-Authenticate` says how to bring one.'),
    403: problem('The credential does not allow it.'),
    503: problem('Come back later.'),
  };
  const command = {
    409: problem('In flight, or already closed.'),
    413: problem('The body is larger than 64 kB.'),
    422: problem('The Idempotency-Key was used with another body.'),
  };
  registry.registerPath({
    method: 'post',
    path: '/v1/debates',
    summary: 'Start a debate. The answer comes after it is durable.',
    request: {
      headers: keyHeader,
      body: { content: { 'application/json': { schema: startDebateBody, examples: startExamples } }, required: true },
    },
    responses: {
      202: json(acceptedView, 'Accepted; follow Location.'),
      429: problem('The tenant has no tokens left today; `Retry-After` says when it has.'),
      ...command,
      ...faults,
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/debates',
    summary: 'Debates, newest first.',
    request: { query: pageQuery },
    responses: { 200: json(debatePage, 'One page.'), ...faults },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/debates/{id}',
    summary: 'A debate with its turns, stop reason and verdict.',
    request: { params: idParam },
    responses: { 200: json(debateView, 'The debate.'), 404: problem('There is no such debate.'), ...faults },
  });
  const control = (word: string, summary: string, answer: string, schema: z.ZodType, examples: Examples): void =>
    registry.registerPath({
      method: 'post',
      path: `/v1/debates/{id}/${word}`,
      summary,
      request: {
        params: idParam,
        headers: keyHeader,
        body: { content: { 'application/json': { schema, examples } } },
      },
      responses: {
        202: json(z.object({ id: z.uuid(), status: z.string() }), answer),
        404: problem('There is no such debate.'),
        ...command,
        ...faults,
      },
    });
  control('cancel', 'Cancel a running debate.', 'The cancellation is on its way.', cancelDebateBody, cancelExamples);
  control(
    'pause',
    'Take the floor away, also in the middle of a turn. The deadline keeps running.',
    'The pause is on its way.',
    pauseDebateBody,
    bareExamples,
  );
  control('resume', 'Give the floor again.', 'The resumption is on its way.', resumeDebateBody, bareExamples);
  control('notes', 'A word to both sides, for the floors to come.', 'The note is on its way.', noteBody, noteExamples);
  registry.registerPath({
    method: 'post',
    path: '/v1/debates/{id}/replays',
    summary:
      'Judge a debate that is over again: another judge, other thresholds, other stop rules. It stays as it was.',
    request: {
      params: idParam,
      headers: keyHeader,
      body: { content: { 'application/json': { schema: replayRulesSchema, examples: replayExamples } } },
    },
    responses: {
      202: json(replayView.pick({ id: true, debate: true, status: true }), 'Accepted; follow Location.'),
      404: problem('There is no such debate.'),
      ...command,
      409: problem('In flight, or the debate is not over yet (NOT_FINISHED).'),
      ...faults,
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/debates/{id}/replays',
    summary: 'The replays of a debate, newest first.',
    request: { params: idParam },
    responses: { 200: json(replayPage, 'The newest 100.'), 404: problem('There is no such debate.'), ...faults },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/debates/{id}/replays/{replay}',
    summary: 'Where it would have stopped and what the verdict would be, beside what was.',
    request: { params: idParam.extend({ replay: z.uuid() }) },
    responses: { 200: json(replayView, 'The replay.'), 404: problem('There is no such debate or replay.'), ...faults },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/debates/{id}/events',
    summary: 'Server-sent events: durable ones with `id` 1..n without gaps, deltas without; ends after the last.',
    request: {
      params: idParam,
      query: streamQuery,
      headers: z.object({ 'Last-Event-ID': z.string().optional() }),
    },
    responses: {
      200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
      204: { description: 'The debate is closed and its last event is known to the client.' },
      429: problem('The tenant has too many streams open.'),
      404: problem('There is no such debate.'),
      ...faults,
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/debates/{id}/ws',
    summary:
      'The same events as JSON messages of a WebSocket: durable ones with `seq`, deltas as `{type: "delta", data}`.',
    request: { params: idParam, query: streamQuery, headers: z.object({ 'Last-Event-ID': z.string().optional() }) },
    responses: {
      101: { description: 'Closed with 1000 after the last event, 4008 for a client that takes nothing.' },
      404: problem('There is no such debate.'),
      426: problem('The request asks for no WebSocket.'),
      429: problem('The tenant has too many streams open.'),
      ...faults,
    },
  });
  registry.registerPath({
    method: 'post',
    path: '/v1/tickets',
    summary: 'A ticket to open one event stream or WebSocket within a minute, for browsers.',
    responses: {
      201: json(
        z.object({ ticket: z.string(), expiresAt: z.iso.datetime() }),
        'Put it in `?ticket=`; it is good once.',
      ),
      ...faults,
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/openapi.json',
    summary: 'This document.',
    security: [],
    responses: { 200: json(z.object({ openapi: z.string() }), 'OpenAPI 3.1.') },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/usage',
    summary: 'Tokens and money by day, agent or model.',
    request: { query: usageQuery },
    responses: { 200: json(usageView, 'What was spent, both days included.'), ...faults },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/slos',
    summary: 'What is promised, how it stands, and how much may still go wrong.',
    responses: { 200: json(slosView, 'Every objective; one of which nothing is known says why.'), ...faults },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/parked',
    summary: 'Streams that were set aside because their decide threw.',
    responses: { 200: json(parkedPage, 'The newest 100.'), ...faults },
  });
  registerKeys(registry, faults);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
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

const keyExamples = {
  service: { summary: 'For a year.', value: { name: 'Nightly report', scopes: ['read'], expiresInDays: 365 } },
};
const rotateExamples = { now: { summary: 'The old key ends in an hour.', value: { overlapSeconds: 3_600 } } };

/** Keys of the caller's tenant; all of it needs the scope `admin`. */
function registerKeys(registry: OpenAPIRegistry, faults: Record<number, ReturnType<typeof problem>>): void {
  const unknown = { 404: problem('There is no such key.') };
  registry.registerPath({
    method: 'post',
    path: '/v1/keys',
    summary: 'Make an API key. It is shown in this answer and never again.',
    request: {
      body: { content: { 'application/json': { schema: createKeyBody, examples: keyExamples } }, required: true },
    },
    responses: { 201: json(newKeyView, 'The key.'), ...faults },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/keys',
    summary: 'API keys, newest first, with those that are revoked.',
    responses: { 200: json(keyPage, 'The newest 1,000.'), ...faults },
  });
  registry.registerPath({
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    summary: 'Make a key like this one, which goes on beside it for the overlap.',
    request: {
      params: idParam,
      body: { content: { 'application/json': { schema: rotateKeyBody, examples: rotateExamples } } },
    },
    responses: { 201: json(newKeyView, 'The new key.'), ...unknown, 409: problem('It is revoked.'), ...faults },
  });
  registry.registerPath({
    method: 'delete',
    path: '/v1/keys/{id}',
    summary: 'Revoke a key, at once and for good.',
    request: { params: idParam },
    responses: { 204: { description: 'It is revoked.' }, ...unknown, ...faults },
  });
}
