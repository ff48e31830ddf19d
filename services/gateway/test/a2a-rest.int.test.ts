import { type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import { type Client, ClientFactory, DefaultAgentCardResolver, RestTransportFactory } from '@a2a-js/sdk/client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { request, sequenceOf } from './a2a-message.ts';
import { databases, type TestDatabase } from './databases.ts';
import { oneTo } from './event-reader.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const tenant = '';

describe.each(databases)('An A2A client that speaks HTTP+JSON, over $name,', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let client: Client;
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db, { heartbeatMs: 20 });
    const transports = [new RestTransportFactory()];
    const factory = new ClientFactory({ transports, cardResolver: new DefaultAgentCardResolver() });
    client = await factory.createFromUrl(gateway.url);
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  test('streams a debate under the numbers it has everywhere, reads it, lists it.', async () => {
    const stream = client.sendMessageStream(request('Tea'));
    const first = (await stream.next()).value as StreamResponse;
    const { id } = (first.payload ?? { value: undefined }).value as Task;
    const seen: number[] = [];
    await publish(gateway.bus, factsOf(id, 2));
    for await (const update of stream) seen.push(sequenceOf(update));
    expect(seen).toEqual(oneTo(6));
    expect(await client.getTask({ tenant, id })).toMatchObject({
      status: { state: TaskState.TASK_STATE_COMPLETED },
      artifacts: [{}, {}],
    });
    const asked = { tenant, contextId: '', pageToken: '', statusTimestampAfter: undefined };
    const listed = await client.listTasks({ ...asked, status: TaskState.TASK_STATE_COMPLETED });
    expect(listed.tasks.map((task) => task.id)).toContain(id);
  });

  test('asks once by one message, whichever binding it came by, and is told what is wrong.', async () => {
    const messageId = 'over-two-bindings';
    const { id } = (await client.sendMessage(request('Coffee', { messageId }, true))) as { id: string };
    const other = await new ClientFactory().createFromUrl(gateway.url);
    expect(await other.sendMessage(request('Coffee', { messageId }, true))).toMatchObject({ id });
    const missing = client.getTask({ tenant, id: '0197c8a0-0000-7000-8000-000000000001' });
    await expect(missing).rejects.toMatchObject({ name: 'TaskNotFoundError' });
    await expect(client.sendMessage(request(''))).rejects.toThrow(/its text is the topic/);
  });

  test('is given a sign of life while nothing happens, and leaves nothing behind when it goes.', async () => {
    const leaving = new AbortController();
    const { message } = request('Tea');
    const body = { message: { messageId: message?.messageId, role: 'ROLE_USER', parts: [{ text: 'Tea' }] } };
    const response = await fetch(`${gateway.url}/a2a/v1/message:stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/a2a+json', 'a2a-version': '1.0' },
      body: JSON.stringify(body),
      signal: leaving.signal,
    });
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes(': heartbeat')) break;
    }
    leaving.abort();
    await until('nobody watches', () => gateway.watchers() === 0);
  });
});

test('A card names the address that callers use, by the word of a proxy that is trusted and of no other.', async () => {
  const [kind] = databases;
  const database = await kind?.open();
  if (database === undefined) throw new Error('no database');
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'parley.example.org' };
  for (const [trustedProxies, url] of [
    [['loopback'], 'https://parley.example.org/a2a'],
    [['10.0.0.0/8'], expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/a2a$/)],
    [undefined, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/a2a$/)],
  ] as const) {
    const gateway = await startGateway(database.db, trustedProxies === undefined ? {} : { trustedProxies });
    const { json } = await gateway.get('/.well-known/agent-card.json', forwarded);
    expect(json).toMatchObject({ supportedInterfaces: [{ url }, {}] });
    await gateway.stop();
  }
  await database.close();
});
