import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Message, topics } from '@parley/contracts';
import { problemSchema } from '@parley/contracts/http';
import { type Database, openEmbedded } from '@parley/spine';
import fc from 'fast-check';
import { z } from 'zod';
import { factsOf, publish } from './fake-moderator.ts';
import { exact, mostly, odd, type Schema } from './fuzz-values.ts';
import { lastFactOf, otherKinds } from './one-of-each-kind.ts';
import { type ProtocolOperation, protocolOperations, tools } from './protocol-operations.ts';
import { elsewhere, routesOf } from './routes-of.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const ids: Schema = { anyOf: [{ enum: [] }, { type: 'string', format: 'uuid' }] };
let db: Database;
let gateway: RunningGateway;
let known: Schema = ids;
const toolSchemas = new Map<string, Schema>();

/** Every debate that is asked for ends at once, as others do, and every replay fails: whoever waits gets an answer. */
async function moderate(messages: readonly Message[]): Promise<void> {
  for (const { type, subject, data } of messages) {
    if (type === 'start-debate.v1') await publish(gateway.bus, factsOf(subject, 2));
    if (type !== 'replay-debate.v1') continue;
    const { replay } = data as { replay: string };
    const failed = { ...(factsOf(subject, 0)[0] as Message), subject: replay, id: `replay/${replay}/1` };
    await publish(gateway.bus, [{ ...failed, type: 'replay-failed.v1', data: { debate: subject, reason: 'none' } }]);
  }
}

beforeAll(async () => {
  db = await openEmbedded();
  gateway = await startGateway(db, { evidenceOrigins: ['http://127.0.0.1:9'] });
  const over = await gateway.debate();
  await publish(gateway.bus, factsOf(over, 2));
  known = { anyOf: [{ enum: [over] }, { type: 'string', format: 'uuid' }] };
  await gateway.bus.subscribe({
    topics: [topics.debateCommands.name],
    group: 'every moderator',
    handler: async (batch) => moderate(batch.map(({ message }) => message)),
  });
  for (const kind of otherKinds) {
    await gateway.bus.subscribe({
      topics: [kind.commands],
      group: `every ${kind.service}`,
      async handler(batch) {
        for (const { message } of batch) await publish(gateway.bus, lastFactOf(kind, message.subject));
      },
    });
  }
  const listed = await gateway.post(
    '/mcp',
    { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    { accept: 'application/json, text/event-stream' },
  );
  const { result } = JSON.parse(listed.text.slice(listed.text.indexOf('{'))) as {
    result: { tools: { name: string; inputSchema: Schema }[] };
  };
  for (const { name, inputSchema } of result.tools) toolSchemas.set(name, inputSchema);
});
afterAll(async () => {
  await gateway.stop();
  await db.close();
});

test('every route that openapi.json leaves to a protocol is in the table, and every tool of MCP', () => {
  const pages = /^\w+ \/($|console|favicon)/;
  const served = routesOf(gateway.routes).filter((route) => elsewhere.test(route) && !pages.test(route));
  const table = new Set(protocolOperations.map(({ route }) => route));
  expect(served.filter((route) => !table.has(route))).toEqual([]);
  expect([...toolSchemas.keys()]).toEqual([...tools]);
});

const rpcAnswer = z.object({ jsonrpc: z.literal('2.0'), id: z.union([z.string(), z.number(), z.null()]) });
const rpcError = rpcAnswer.extend({ error: z.object({ code: z.int(), message: z.string() }) });
const forms = {
  openai: z.object({ error: z.object({ message: z.string(), type: z.string(), code: z.string() }) }),
  'json-rpc': rpcError,
  rest: z.object({ error: z.object({ code: z.int(), status: z.string(), message: z.string() }) }),
  problem: problemSchema,
} as const;

async function send({ route, headers = {} }: ProtocolOperation, id: string, body: unknown) {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace('{id}', encodeURIComponent(id.toWellFormed())).replace('{config}', 'one');
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(20_000),
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

const each = 100;
const atOnce = 20;

test.each(protocolOperations.map((operation) => [`${operation.route} ${operation.name}`.trim(), operation] as const))(
  `whatever is sent to %s, the answer is one of the protocol (${each} cases)`,
  async (_, operation) => {
    const schema = operation.body?.(known, toolSchemas.get(operation.name) ?? {});
    const cases = fc.sample(
      fc.record({
        id: fc.oneof(mostly(known), fc.string({ minLength: 1, maxLength: 40 })).map(String),
        body:
          schema === undefined
            ? fc.constant({})
            : fc.oneof({ weight: 4, arbitrary: exact(schema) }, { weight: 5, arbitrary: mostly(schema) }, odd),
      }),
      { numRuns: each, seed: 20_261_128 },
    );
    for (let i = 0; i < cases.length; i += atOnce) {
      const batch = cases.slice(i, i + atOnce);
      const replies = await Promise.all(batch.map(({ id, body }) => send(operation, id, body)));
      for (const [at, { status, type, text }] of replies.entries()) {
        const isStream = type.startsWith('text/event-stream');
        const isRight = status < 400 || (!isStream && forms[operation.form].safeParse(JSON.parse(text)).success);
        expect({ sent: batch[at], status, text: isRight ? '' : text, isRight }).toMatchObject({ isRight: true });
        expect({ sent: batch[at], isFault: status >= 500, text: status >= 500 ? text : '' }).toMatchObject({
          isFault: false,
        });
        expect(/INTERNAL|-32603/.test(text) ? { sent: batch[at], text } : {}).toEqual({});
      }
    }
  },
  180_000,
);

test('and much of it was right: debates were had by it', () => {
  expect(gateway.commands.filter(({ type }) => type === 'start-debate.v1').length).toBeGreaterThan(20);
});
