import { type StreamResponse, TaskState } from '@a2a-js/sdk';
import { type Client, ClientFactory } from '@a2a-js/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as parley from '@parley/contracts';
import { until } from '@parley/testkit';
import { request, sequenceOf } from './a2a-message.ts';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const tenant = '';
const unknown = '0197c8a0-0000-7000-8000-000000000001';

describe.each(databases)('An A2A client, over $name', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let client: Client;
  let before = 0;
  const commands = () => gateway.commands.slice(before);
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db);
    client = await new ClientFactory().createFromUrl(gateway.url);
  });
  beforeEach(() => {
    before = gateway.commands.length;
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  async function asked(): Promise<parley.Message> {
    await until('the command is out', () => commands().length > 0);
    return commands().at(-1) as parley.Message;
  }

  test('finds the platform and each debater by their cards.', async () => {
    expect(await client.getAgentCard()).toMatchObject({
      name: 'Parley',
      supportedInterfaces: [
        { url: `${gateway.url}/a2a`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
        { url: `${gateway.url}/a2a/v1`, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      ],
      capabilities: { streaming: true },
    });
    const skills = (await client.getAgentCard()).skills.map(({ id }) => id);
    expect(skills.slice(0, 3)).toEqual(['debate', 'debater-a', 'debater-b']);
    const debater = await new ClientFactory().createFromUrl(`${gateway.url}/a2a/debater-b/`);
    expect(await debater.getAgentCard()).toMatchObject({ name: 'Parley debater B', skills: [{ id: 'debater-b' }] });
  });

  test('streams a debate as a task: its turns are artifacts, and each event has its number.', async () => {
    const stream = client.sendMessageStream(request('Tea is better\nthan coffee'));
    const seen: StreamResponse[] = [(await stream.next()).value as StreamResponse];
    const { subject, data } = await asked();
    expect(data).toMatchObject({ topic: 'Tea is better than coffee', maxRounds: 8 });
    await publish(gateway.bus, factsOf(subject, 2));
    for await (const one of stream) seen.push(one);
    expect(seen[0]?.payload).toMatchObject({
      $case: 'task',
      value: { id: subject, contextId: subject, status: { state: TaskState.TASK_STATE_SUBMITTED } },
    });
    expect(seen.map(sequenceOf)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(seen[2]?.payload).toMatchObject({
      $case: 'artifactUpdate',
      value: {
        artifact: {
          artifactId: 'turn-1-pro',
          name: 'Team A (for), round 1',
          parts: [{ content: { value: 'Turn 1. 茶 ☕' } }],
        },
      },
    });
    expect(seen[6]?.payload).toMatchObject({ value: { status: { state: TaskState.TASK_STATE_COMPLETED } } });
    const task = await client.getTask({ tenant, id: subject });
    expect(task.history).toHaveLength(1);
    expect(await client.getTask({ tenant, id: subject, historyLength: 0 })).toMatchObject({ history: [] });
    expect(task).toMatchObject({
      metadata: { sequence: 6 },
      artifacts: [{ artifactId: 'turn-1-pro' }, { artifactId: 'turn-1-con' }],
    });
  });

  test('waits for the answer of one debater, unless it is not to wait.', async () => {
    const debater = await new ClientFactory().createFromUrl(`${gateway.url}/a2a/debater-b/`);
    const waiting = debater.sendMessage(request('Tea'));
    const { subject, data } = await asked();
    expect(data).toMatchObject({ maxRounds: 1 });
    await publish(gateway.bus, factsOf(subject, 2));
    await expect(waiting).resolves.toMatchObject({
      id: subject,
      status: { state: TaskState.TASK_STATE_COMPLETED },
      artifacts: [{ artifactId: 'turn-1-con', metadata: { side: 'con' } }],
    });
    const other = await client.sendMessage(request('Tea', { metadata: { parley: { maxRounds: 3 } } }, true));
    expect(other).toMatchObject({ status: { state: TaskState.TASK_STATE_SUBMITTED } });
    await until('the second is asked for', () => commands().length === 2);
    expect(commands()[1]?.data).toMatchObject({ maxRounds: 3 });
  });

  test('subscribes again from where the task is, and adds a note to it.', async () => {
    const { id } = (await client.sendMessage(request('Tea', {}, true))) as { id: string };
    await publish(gateway.bus, factsOf(id, 2).slice(0, 3));
    const stream = client.resubscribeTask({ tenant, id });
    const first = (await stream.next()).value as StreamResponse;
    expect(first.payload).toMatchObject({ $case: 'task', value: { artifacts: [{}, {}] } });
    await client.sendMessage(request('Speak about costs.', { taskId: id }, true));
    await until('the note is out', () => commands().some(({ type }) => type === 'add-note.v1'));
    await publish(gateway.bus, factsOf(id, 2));
    const seen = [first];
    for await (const one of stream) seen.push(one);
    expect(seen.map(sequenceOf)).toEqual([3, 4, 5, 6]);
    await expect(client.resubscribeTask({ tenant, id }).next()).rejects.toThrow(/is over/);
    await expect(client.sendMessage(request('More.', { taskId: id }))).rejects.toThrow(/too late to add a note/);
  });

  test('asks once by one message, cancels, and lists.', async () => {
    const messageId = 'a message of mine'.replaceAll(' ', '-');
    const first = (await client.sendMessage(request('Tea', { messageId }, true))) as { id: string };
    const again = (await client.sendMessage(request('Tea', { messageId }, true))) as { id: string };
    expect(again.id).toBe(first.id);
    const cancelling = client.cancelTask({ tenant, id: first.id, metadata: undefined });
    await until('the cancellation is out', () => commands().some(({ type }) => type === 'cancel-debate.v1'));
    await publish(gateway.bus, factsOf(first.id, 0, 'cancelled'));
    await expect(cancelling).resolves.toMatchObject({ status: { state: TaskState.TASK_STATE_CANCELED } });
    await expect(client.cancelTask({ tenant, id: first.id, metadata: undefined })).rejects.toMatchObject({
      name: 'TaskNotCancelableError',
    });
    const asked = { tenant, contextId: '', pageToken: '', statusTimestampAfter: undefined };
    const cancelled = await client.listTasks({ ...asked, status: TaskState.TASK_STATE_CANCELED });
    expect(cancelled).toMatchObject({ tasks: [{ id: first.id, artifacts: [] }], totalSize: 1, nextPageToken: '' });
    const page = await client.listTasks({ ...asked, status: TaskState.TASK_STATE_UNSPECIFIED, pageSize: 1 });
    expect([page.tasks.length, page.nextPageToken]).toEqual([1, first.id]);
  });

  test('is told what is wrong in the errors of the protocol.', async () => {
    await expect(client.getTask({ tenant, id: unknown })).rejects.toMatchObject({ name: 'TaskNotFoundError' });
    await expect(client.getTask({ tenant, id: 'none' })).rejects.toMatchObject({ name: 'TaskNotFoundError' });
    await expect(client.sendMessage(request(''))).rejects.toThrow(/its text is the topic/);
    const wrong = request('Tea', { metadata: { parley: { rounds: 3 } } });
    await expect(client.sendMessage(wrong)).rejects.toThrow(/rounds: is not known here/);
    const old = await gateway.post('/a2a', { jsonrpc: '2.0', id: 1, method: 'GetTask', params: { id: unknown } });
    expect(old.json).toMatchObject({ error: { message: expect.stringMatching(/version '0.3' is not supported/) } });
  });
});
