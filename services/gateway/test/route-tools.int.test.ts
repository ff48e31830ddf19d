import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Scope } from '@parley/contracts/http';
import { type Database, openEmbedded } from '@parley/spine';
import { until } from '@parley/testkit';
import { z } from 'zod';
import { json } from '../src/api/openapi-answers.ts';
import { route } from '../src/api/route.ts';
import type { AgentPort } from '../src/streams/agent-port.ts';
import type { Feature } from '../src/streams/feature.ts';
import { bearer, keyFor } from './credentials.ts';
import { errandFeature, runErrand } from './planted-agent.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const params = z.strictObject({ id: z.uuid('an errand id is a UUID') });
const errandBody = z
  .strictObject({ words: z.string().min(1), hurry: z.boolean().optional() })
  .refine(({ words, hurry }) => hurry !== true || words.length < 20, {
    path: ['hurry'],
    message: 'who hurries says little',
  });
const errandView = z.object({ id: z.uuid(), status: z.string(), artifacts: z.array(z.string()) });
const ruled = z.object({ id: z.uuid(), by: z.string(), rule: z.object({ most: z.int() }) });

/** Errands with routes, of which three are tools. */
const feature: Feature = {
  ...(errandFeature as Feature),
  routes(parts) {
    const boy = errandFeature.agents?.(parts)[0] as AgentPort;
    return [
      route({
        method: 'post',
        path: '/v1/errands',
        id: 'sendErrand',
        needs: 'write',
        summary: 'Send somebody.',
        body: { schema: errandBody, examples: {}, isRequired: true },
        tool: {
          name: 'send_errand',
          title: 'Send somebody',
          description: 'Sends somebody to buy something.',
          stream: { kind: errandFeature.kind, view: 'getErrand', wait: 'Answer when it is done.' },
        },
        responses: { 202: json(errandView.pick({ id: true }), 'On the way.') },
        async handle({ context, body: { words } }) {
          const { id } = await boy.start(context, { words: [words], field: 'words', called: 'it' });
          return { status: 202, body: { id } };
        },
      }),
      route({
        method: 'get',
        path: '/v1/errands/{id}',
        id: 'getErrand',
        needs: 'read',
        summary: 'An errand.',
        params,
        tool: {
          name: 'get_errand',
          title: 'Read an errand',
          description: 'How far it has come.',
          stream: { kind: errandFeature.kind, view: 'getErrand', wait: 'Answer when it is done.' },
        },
        responses: { 200: json(errandView, 'The errand.') },
        async handle({ context: { tenant }, params: { id } }) {
          const { status } = await parts.streams.find(tenant, errandFeature.kind, id);
          const { artifacts } = await boy.view(tenant, id);
          return { body: { id, status, artifacts: artifacts.map(({ text }) => text) } };
        },
      }),
      route({
        method: 'delete',
        path: '/v1/errands/{id}',
        id: 'ruleErrand',
        needs: 'admin',
        summary: 'Rule out an errand.',
        params,
        body: { schema: z.strictObject({ most: z.int().max(9) }), examples: {}, isRequired: true },
        tool: { name: 'rule_errand', title: 'Rule', description: 'Rules.', bodyIn: 'rule' },
        responses: { 200: json(ruled, 'Ruled out.') },
        handle: ({ context: { subject }, params: { id }, body }) => ({ body: { id, by: subject, rule: body } }),
      }),
    ];
  },
};

let db: Database;
let gateway: RunningGateway;
beforeAll(async () => {
  db = await openEmbedded();
  gateway = await startGateway(db, { features: [feature], auth: {} });
});
afterAll(async () => {
  await gateway.stop();
  await db.close();
});

async function clientWith(scope: Scope): Promise<Client> {
  const client = new Client({ name: 'a test', version: '1' });
  const requestInit = { headers: { ...bearer(await keyFor(db, 'acme', [scope])) } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit }));
  return client;
}
const id = '0197c8a0-0000-7000-8000-000000000001';

test("a route's tool is listed with the fields of its path and body, and whether it changes something", async () => {
  const client = await clientWith('read');
  const { tools } = await client.listTools();
  const listed = (name: string) => tools.find((tool) => tool.name === name);
  expect(listed('send_errand')).toMatchObject({
    title: 'Send somebody',
    inputSchema: {
      required: ['words'],
      properties: { words: { minLength: 1 }, wait: { description: 'Answer when it is done.' } },
      additionalProperties: false,
    },
    outputSchema: { anyOf: [{ required: ['id', 'status', 'artifacts'] }, { required: ['id'] }] },
    annotations: { readOnlyHint: false, destructiveHint: false },
  });
  expect(listed('get_errand')).toMatchObject({
    inputSchema: { required: ['id'], properties: { id: { format: 'uuid' } } },
    annotations: { readOnlyHint: true },
  });
  expect(listed('rule_errand')).toMatchObject({
    inputSchema: { required: ['id', 'rule'], properties: { rule: { required: ['most'] } } },
    annotations: { readOnlyHint: false, destructiveHint: true },
  });
  await client.close();
});

test('a call of a tool is a call of its route, and may wait for a question or the end', async () => {
  const client = await clientWith('write');
  const progress: unknown[] = [];
  const call = (name: string, args: Record<string, unknown>) =>
    client.callTool(
      { name, arguments: { ...args, wait: true } },
      { onprogress: ({ progress: number, message }) => void progress.push([number, message]) },
    );
  const sending = call('send_errand', { words: 'Buy tea' });
  await until('the command is out', () => gateway.commands.length > 0);
  const subject = gateway.commands[0]?.subject ?? '';
  await runErrand(gateway.bus, subject, 1, 2, 'acme');
  expect((await sending).structuredContent).toEqual({ id: subject, status: 'asking', artifacts: [] });
  expect(progress.splice(0)).toEqual([
    [1, 'I go.'],
    [2, 'Which tea?'],
  ]);
  await runErrand(gateway.bus, subject, 3, 4, 'acme');
  const reading = call('get_errand', { id: subject });
  await until('four events were told', () => progress.length === 4);
  await runErrand(gateway.bus, subject, 5, 5, 'acme');
  const done = { id: subject, status: 'done', artifacts: ['Green tea.'] };
  expect((await reading).structuredContent).toEqual(done);
  expect(progress.splice(0).at(-1)).toEqual([5, 'Green tea.']);
  expect((await call('get_errand', { id: subject })).structuredContent).toEqual(done);
  expect(progress).toEqual([]);
  await client.close();
});

test('a tool refuses an unknown field by its name, what its body refines, and text that cannot be kept', async () => {
  const client = await clientWith('admin');
  const before = gateway.commands.length;
  const refused = async (name: string, args: Record<string, unknown>) => {
    const { isError, content } = await client.callTool({ name, arguments: args });
    return [isError, JSON.stringify(content)];
  };
  expect(await refused('send_errand', { words: 'Buy tea', colour: 'green' })).toEqual([
    true,
    expect.stringMatching(/colour/),
  ]);
  expect(await refused('rule_errand', { id, rule: { most: 1, least: 0 } })).toEqual([
    true,
    expect.stringMatching(/least/),
  ]);
  expect(await refused('send_errand', { words: 'Buy tea, and take your time', hurry: true })).toEqual([
    true,
    expect.stringMatching(/who hurries says little/),
  ]);
  expect(await refused('list_debates', { topic: 'Tea\0' })).toEqual([true, expect.stringMatching(/topic: has a NUL/)]);
  expect(gateway.commands.length).toBe(before);
  const ruling = await client.callTool({ name: 'rule_errand', arguments: { id, rule: { most: 1 } } });
  expect(ruling.structuredContent).toEqual({ id, by: expect.stringMatching(/^key:/), rule: { most: 1 } });
  await client.close();
});

test('a tool needs the scope of its route', async () => {
  const as = async (scope: Scope, name: string, args: object) => {
    const headers = bearer(await keyFor(db, 'acme', [scope]));
    const accept = { accept: 'application/json, text/event-stream' };
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
    return (await gateway.post('/mcp', call, { ...headers, ...accept })).status;
  };
  const rule = { id, rule: { most: 1 } };
  expect(await as('read', 'get_errand', { id })).toBe(200);
  expect(await as('read', 'send_errand', { words: 'Buy tea' })).toBe(403);
  expect(await as('write', 'send_errand', { words: 'Buy tea' })).toBe(200);
  expect(await as('write', 'rule_errand', rule)).toBe(403);
  expect(await as('admin', 'rule_errand', rule)).toBe(200);
});
