import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deadLetterPage, parkedPage, problemSchema } from '@parley/contracts/http';
import { type Database, openEmbedded } from '@parley/spine';
import fc from 'fast-check';
import { openApiDocument } from '../src/openapi.ts';
import { bearer, type Headers, keyFor } from './credentials.ts';
import { bury, factsOf, letterOf, park, publish } from './fake-moderator.ts';
import { mostly, type Schema } from './fuzz-values.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly body: Schema | undefined;
  readonly statuses: ReadonlySet<number>;
}

const operations: Operation[] = Object.entries(openApiDocument().paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, one]) => ({
    method: method.toUpperCase(),
    path,
    parameters: (one.parameters ?? []) as unknown as Operation['parameters'],
    body: one.requestBody?.content['application/json'].schema as Schema | undefined,
    statuses: new Set(Object.keys(one.responses).map(Number)),
  })),
);

let db: Database;
let gateway: RunningGateway;
let admin: Headers;
let known: readonly string[] = [];

beforeAll(async () => {
  db = await openEmbedded();
  gateway = await startGateway(db, { auth: {} });
  admin = bearer(await keyFor(db, 'acme'));
  const [running, over] = [await gateway.debate('Tea', { ...admin }), await gateway.debate('Coffee', { ...admin })];
  await publish(
    gateway.bus,
    factsOf(over, 2).map((message) => ({ ...message, tenant: 'acme' })),
  );
  const { json } = await gateway.post('/v1/keys', { name: 'One', scopes: ['read'] }, admin);
  await park(gateway.bus, running, 'acme');
  await bury(gateway.bus, [letterOf('acme', 1)]);
  const { parked } = parkedPage.parse((await gateway.get('/v1/parked', admin)).json);
  const { letters } = deadLetterPage.parse((await gateway.get('/v1/dead-letters', admin)).json);
  known = [running, over, (json as { id: string }).id, ...[...parked, ...letters].map(({ id }) => id)];
});
afterAll(async () => {
  await gateway.stop();
  await db.close();
});

function requestOf(operation: Operation) {
  const ids = fc.oneof(fc.constantFrom(...known), fc.uuid(), fc.string({ minLength: 1, maxLength: 60 }));
  const parameters = Object.fromEntries(
    operation.parameters.map((one) => [`${one.in} ${one.name}`, one.in === 'path' ? ids : mostly(one.schema)]),
  );
  const required = operation.parameters.filter((one) => one.in === 'path').map((one) => `path ${one.name}`);
  return fc.record({
    parameters: fc.record(parameters, { requiredKeys: required }),
    extra: fc.option(fc.tuple(fc.string({ minLength: 1, maxLength: 10 }), fc.string({ maxLength: 10 })), { freq: 9 }),
    body: operation.body === undefined ? fc.constant(undefined) : mostly(operation.body),
  });
}
type Case = ReturnType<typeof requestOf> extends fc.Arbitrary<infer T> ? T : never;

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
/** What HTTP itself lets into a header. */
const headerText = (value: unknown): string =>
  text(value)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();

async function send(operation: Operation, { parameters, extra, body }: Case) {
  let path = operation.path;
  const query = new URLSearchParams(extra === null ? [] : [extra as [string, string]]);
  const headers: Record<string, string> = { ...admin };
  for (const [key, value] of Object.entries(parameters as Record<string, unknown>)) {
    const [where, name = ''] = key.split(' ');
    if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(text(value).toWellFormed()));
    else if (where === 'query') query.append(name, text(value));
    else if (headerText(value) !== '') headers[name] = headerText(value);
  }
  const leaving = new AbortController();
  const withBody = body !== undefined && operation.method !== 'GET';
  const response = await fetch(`${gateway.url}${path}?${query}`, {
    method: operation.method,
    headers: withBody ? { ...headers, 'content-type': 'application/json' } : headers,
    signal: leaving.signal,
    ...(withBody ? { body: JSON.stringify(body) } : {}),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const answer = isStream ? '' : await response.text();
  if (isStream) leaving.abort();
  return { status: response.status, answer, type: response.headers.get('content-type') ?? '', path };
}

const all = 10_000;
const each = Math.ceil(all / operations.length);
const atOnce = 20;

test.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
  `whatever is sent to %s, the answer is one that the document names (${each} cases)`,
  async (_, operation) => {
    const cases = fc.sample(requestOf(operation), { numRuns: each, seed: 20_261_121 });
    for (let i = 0; i < cases.length; i += atOnce) {
      const batch = cases.slice(i, i + atOnce);
      const replies = await Promise.all(batch.map((one) => send(operation, one)));
      for (const [at, { status, answer, type, path }] of replies.entries()) {
        const problem = status >= 400 ? problemSchema.safeParse(JSON.parse(answer)).success : true;
        // A path whose ids are gone, such as "/v1/debates/.", is another path.
        const isOther = status === 404 || status === 405;
        expect({
          sent: batch[at],
          path,
          status,
          isNamed: operation.statuses.has(status) || isOther,
          isProblem: status < 400 || (problem && type.startsWith('application/problem+json')),
        }).toMatchObject({ isNamed: true, isProblem: true });
      }
    }
  },
  120_000,
);
