import { type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import { type Client as A2aClient, ClientFactory } from '@a2a-js/sdk/client';
import { type BaseEvent, HttpAgent, type RunAgentParameters } from '@ag-ui/client';
import { EventSchemas } from '@ag-ui/core/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Message } from '@parley/contracts';
import { until } from '@parley/testkit';
import OpenAI from 'openai';
import { request, sequenceOf } from './a2a-message.ts';
import { databases, type TestDatabase } from './databases.ts';
import { errandFeature, runErrand } from './planted-agent.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const tenant = '';

describe.each(databases)('An agent that asks back, over $name,', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let a2a: A2aClient;
  let before = 0;
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db, { features: [errandFeature] });
    a2a = await new ClientFactory().createFromUrl(`${gateway.url}/a2a/errand-boy/`);
  });
  beforeEach(() => {
    before = gateway.commands.length;
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  /** The command of this test with that number, from 0, once it is out. */
  async function command(n: number): Promise<Message & { readonly how: string }> {
    await until('the command is out', () => gateway.commands.length > before + n);
    const found = gateway.commands[before + n] as Message;
    return { ...found, how: found.id.split('/')[0] ?? '' };
  }

  test('is in every list of agents, by nothing but its entry', async () => {
    const platform = await new ClientFactory().createFromUrl(gateway.url);
    const { skills } = await platform.getAgentCard();
    expect(skills.map(({ id, tags }) => [id, ...tags]).at(-1)).toEqual(['errand-boy', 'errand']);
    expect(await a2a.getAgentCard()).toMatchObject({ name: 'Errand boy', skills: [{ id: 'errand-boy' }] });
    const { json } = await gateway.get('/v1/models/errand-boy');
    expect(json).toMatchObject({ id: 'errand-boy', object: 'model' });
    const broken = await gateway.post('/a2a/errand-boy', '{');
    expect(broken.json).toMatchObject({ jsonrpc: '2.0', error: { code: -32_700 } });
  });

  test('has an A2A task that waits with its question, and takes a message to it as the answer', async () => {
    const asking = a2a.sendMessage(request('Buy tea')) as Promise<Task>;
    const { subject: id } = await command(0);
    await runErrand(gateway.bus, id, 1, 2);
    const question = {
      state: TaskState.TASK_STATE_INPUT_REQUIRED,
      message: { parts: [{ content: { value: 'Which tea?' } }] },
    };
    expect(await asking).toMatchObject({ id, status: question, metadata: { sequence: 2 } });
    const messageId = `the-answer-${id}`;
    const going = a2a.sendMessage(request('Green.', { taskId: id, messageId })) as Promise<Task>;
    expect(await command(1)).toMatchObject({ how: 'answer', subject: id, data: { text: 'Green.' } });
    await runErrand(gateway.bus, id, 3, 3);
    const again = (await a2a.sendMessage(request('Green.', { taskId: id, messageId }, true))) as Task;
    expect(again.status?.state).toBe(TaskState.TASK_STATE_WORKING);
    await a2a.sendMessage(request('Be quick.', { taskId: id }, true));
    expect(await command(2)).toMatchObject({ how: 'say', data: { text: 'Be quick.' } });
    await runErrand(gateway.bus, id, 4, 5);
    expect(await going).toMatchObject({ status: { state: TaskState.TASK_STATE_COMPLETED }, metadata: { sequence: 5 } });
    expect((await going).artifacts).toMatchObject([
      { artifactId: 'result', parts: [{ content: { value: 'Green tea.' } }] },
    ]);
  });

  test('ends an A2A stream with its question, and the next one begins behind it', async () => {
    const stream = a2a.sendMessageStream(request('Buy tea'));
    const seen: StreamResponse[] = [(await stream.next()).value as StreamResponse];
    const { subject: id } = await command(0);
    await runErrand(gateway.bus, id, 1, 2);
    for await (const one of stream) seen.push(one);
    expect(seen.map(sequenceOf)).toEqual([0, 1, 2]);
    expect(seen[2]?.payload).toMatchObject({ value: { status: { state: TaskState.TASK_STATE_INPUT_REQUIRED } } });
    const waiting = await a2a.listTasks({
      ...{ tenant, contextId: '', pageToken: '', statusTimestampAfter: undefined },
      status: TaskState.TASK_STATE_INPUT_REQUIRED,
    });
    expect(waiting.tasks.map((task) => task.id)).toEqual([id]);
    const rest: StreamResponse[] = [];
    const going = (async () => {
      for await (const one of a2a.sendMessageStream(request('Green.', { taskId: id }))) rest.push(one);
    })();
    expect((await command(1)).how).toBe('answer');
    await until('the second stream has begun', () => rest.length === 1);
    await runErrand(gateway.bus, id, 3, 5);
    await going;
    expect(rest.map(sequenceOf)).toEqual([2, 3, 4, 5]);
    const last = { state: TaskState.TASK_STATE_COMPLETED, message: { parts: [{ content: { value: 'Green tea.' } }] } };
    expect(rest.at(-1)?.payload).toMatchObject({ $case: 'statusUpdate', value: { status: last } });
    const cancelling = a2a.cancelTask({ tenant, id, metadata: undefined });
    expect((await command(2)).how).toBe('cancel');
    await cancelling;
  });

  test('ends an AG-UI run with an interrupt, and a run that resumes it answers', async () => {
    function run(threadId: string, parameters: RunAgentParameters) {
      const agent = new HttpAgent({ url: `${gateway.url}/ag-ui`, threadId });
      agent.messages = [{ id: '1', role: 'user', content: 'Buy tea' }];
      const events: BaseEvent[] = [];
      const forwardedProps = { agent: 'errand-boy' };
      const all = { forwardedProps, ...parameters };
      const finished = agent.runAgent(all, { onEvent: ({ event }) => void events.push(event) });
      finished.catch(() => {});
      return { events, finished };
    }
    const first = run('a thread', { runId: 'one' });
    const { subject: id } = await command(0);
    await runErrand(gateway.bus, id, 1, 2);
    await first.finished;
    for (const event of first.events) expect(EventSchemas.safeParse(event).error).toBeUndefined();
    const interruptId = `${id}/2`;
    expect(first.events.at(-1)).toMatchObject({
      type: 'RUN_FINISHED',
      outcome: {
        type: 'interrupt',
        interrupts: [{ id: interruptId, reason: 'input_required', message: 'Which tea?' }],
      },
      rawEvent: { errand: id, seq: 2 },
    });
    const forwardedProps = { agent: 'errand-boy', after: 1 };
    const second = run(id, {
      runId: 'two',
      forwardedProps,
      resume: [{ interruptId, status: 'resolved', payload: 'Green.' }],
    });
    expect(await command(1)).toMatchObject({ how: 'answer', subject: id, data: { text: 'Green.' } });
    await runErrand(gateway.bus, id, 3, 5);
    await second.finished;
    expect(second.events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', result: { errand: id } });
    const numbers = second.events.map(({ rawEvent }) => (rawEvent as { seq: number } | undefined)?.seq);
    expect([...new Set(numbers)]).toEqual([undefined, 2, 3, 4, 5]);
    expect(second.events.find(({ type }) => type === 'TEXT_MESSAGE_CONTENT')).toMatchObject({ delta: 'Green tea.' });
    const all = run(id, { runId: 'three' });
    await all.finished;
    expect(all.events.map(({ rawEvent }) => (rawEvent as { seq: number } | undefined)?.seq).at(-1)).toBe(5);
    const { status, json } = await gateway.post('/ag-ui', {
      ...{ threadId: 'another', runId: 'one', messages: [] },
      forwardedProps: { agent: 'nobody' },
    });
    expect([status, json]).toMatchObject([400, { errors: [{ field: 'forwardedProps.agent' }] }]);
  });

  test("ends a completion of OpenAI's with the question", async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Buy tea' }];
    const asked = client.chat.completions.create({ model: 'errand-boy', messages }).withResponse();
    const { subject: id } = await command(0);
    await runErrand(gateway.bus, id, 1, 2);
    const { data, response } = await asked;
    expect(data.choices).toMatchObject([{ message: { content: 'I go.Which tea?' }, finish_reason: 'stop' }]);
    expect(response.headers.get('x-parley-errand')).toBe(id);
    const stream = await client.chat.completions.create({ model: 'errand-boy', messages, stream: true });
    await runErrand(gateway.bus, (await command(1)).subject, 1, 2);
    const said: unknown[] = [];
    for await (const { choices } of stream) said.push(choices[0]?.finish_reason ?? choices[0]?.delta.content);
    expect(said).toEqual(['', 'I go.', 'Which tea?', 'stop']);
  });

  test('answers a call of its MCP tool with the question and the status, and goes on by the id', async () => {
    const client = new Client({ name: 'a test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`)));
    const call = (args: Record<string, unknown>) => client.callTool({ name: 'ask_errand_boy', arguments: args });
    const asking = call({ words: 'Buy tea' });
    const { subject: id } = await command(0);
    await runErrand(gateway.bus, id, 1, 2);
    expect((await asking).structuredContent).toEqual({
      id,
      status: 'input-required',
      text: 'Which tea?',
      artifacts: [],
    });
    const going = call({ words: 'Green.', id });
    expect((await command(1)).how).toBe('answer');
    await runErrand(gateway.bus, id, 3, 5);
    expect((await going).structuredContent).toMatchObject({
      id,
      status: 'completed',
      artifacts: [{ text: 'Green tea.' }],
    });
    await client.close();
  });
});
