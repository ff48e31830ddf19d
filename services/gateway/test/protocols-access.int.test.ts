import { ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory } from '@a2a-js/sdk/client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { DebateSummary } from '@parley/contracts/debate';
import OpenAI from 'openai';
import { credentialsOf, type Headers } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('A gateway that asks for credentials, over $name', (kind) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let as: (tenant: string) => Headers;
  let debate: string;
  beforeAll(async () => {
    database = await kind.open();
    gateway = await startGateway(database.db, { auth: {} });
    as = await credentialsOf(database.db, 'acme', 'umbrella');
    const started = await gateway.post('/v1/debates', { topic: 'A motion of acme' }, as('acme'));
    debate = (started.json as DebateSummary).id;
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  test("asks OpenAI's clients for theirs in OpenAI's form, and takes the key as they send it.", async () => {
    const baseURL = `${gateway.url}/v1`;
    const unknown = new OpenAI({ baseURL, apiKey: 'unknown', maxRetries: 0 });
    await expect(unknown.models.list()).rejects.toMatchObject({ status: 401, type: 'authentication_error' });
    const known = new OpenAI({ baseURL, apiKey: as('acme').authorization.slice('Bearer '.length) });
    expect((await known.models.list()).data[0]).toMatchObject({ id: 'debate' });
  });

  test('shows a debate over MCP to its own tenant and to no other.', async () => {
    for (const tenant of ['acme', 'umbrella']) {
      const client = new Client({ name: 'a test', version: '1' });
      const requestInit = { headers: { ...as(tenant) } };
      await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit }));
      const { isError } = await client.callTool({ name: 'get_debate', arguments: { id: debate } });
      expect([tenant, isError ?? false]).toEqual([tenant, tenant === 'umbrella']);
      await client.close();
    }
    expect((await gateway.post('/mcp', {})).status).toBe(401);
  });

  test('shows anybody the agent cards, which name the credential, and a task to its own tenant only.', async () => {
    const fetchAs =
      (tenant: string): typeof fetch =>
      (url, init) =>
        fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), ...as(tenant) } });
    for (const tenant of ['acme', 'umbrella']) {
      const transports = [new JsonRpcTransportFactory({ fetchImpl: fetchAs(tenant) })];
      const client = await new ClientFactory({
        transports,
        cardResolver: new DefaultAgentCardResolver(),
      }).createFromUrl(gateway.url);
      expect(await client.getAgentCard()).toMatchObject({ securitySchemes: { bearer: {} } });
      const task = client.getTask({ tenant: '', id: debate });
      if (tenant === 'acme') await expect(task).resolves.toMatchObject({ id: debate });
      else await expect(task).rejects.toMatchObject({ name: 'TaskNotFoundError' });
    }
    expect((await gateway.post('/a2a', {})).status).toBe(401);
  });

  test('follows no thread of another tenant over AG-UI.', async () => {
    const run = { threadId: debate, runId: '1', messages: [], tools: [], context: [] };
    expect((await gateway.post('/ag-ui', run, as('umbrella'))).status).toBe(404);
    expect((await gateway.post('/ag-ui', run)).status).toBe(401);
  });
});
