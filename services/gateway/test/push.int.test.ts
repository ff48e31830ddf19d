import type { TaskPushNotificationConfig } from '@a2a-js/sdk';
import { type Client, ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory } from '@a2a-js/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openWebhook, until, type Webhook } from '@parley/testkit';
import { request } from './a2a-message.ts';
import { credentialsOf } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { oneTo } from './event-reader.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const tenant = '';

describe.each(databases)('Push notifications of A2A, over $name', ({ open, name }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let client: Client;
  let webhook: Webhook;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await gateway?.stop();
    webhook?.close();
    webhook = await openWebhook();
    gateway = await startGateway(database.db, { evidenceOrigins: [webhook.origin] });
    client = await new ClientFactory().createFromUrl(gateway.url);
  });
  afterAll(async () => {
    await gateway.stop();
    webhook.close();
    await database.close();
  });

  const config = (over: Partial<TaskPushNotificationConfig> = {}): TaskPushNotificationConfig => {
    const authentication = { scheme: 'Bearer', credentials: 'of-the-receiver' };
    return { tenant, id: '', taskId: '', url: `${webhook.origin}/hook`, token: 'my-token', authentication, ...over };
  };
  const started = async (inline?: TaskPushNotificationConfig): Promise<string> =>
    ((await client.sendMessage(request('Tea', {}, true, inline))) as { id: string }).id;

  test('tell every event of a task by its number, with the token and the credentials.', async () => {
    expect(await client.getAgentCard()).toMatchObject({ capabilities: { pushNotifications: true } });
    const id = await started(config());
    await publish(gateway.bus, factsOf(id, 2).slice(0, 3));
    await until('what is there is told', () => webhook.seen.length === 3);
    await publish(gateway.bus, factsOf(id, 2));
    await until('all is told', () => webhook.seen.length === 6);
    expect(webhook.acknowledged()).toEqual(oneTo(6));
    expect(webhook.seen[0]?.headers).toMatchObject({
      'content-type': 'application/a2a+json',
      'x-a2a-notification-token': 'my-token',
      authorization: 'Bearer of-the-receiver',
    });
    expect(webhook.seen[1]?.body).toMatchObject({
      artifactUpdate: { taskId: id, artifact: { parts: [{ text: 'Turn 1. 茶 ☕' }] } },
    });
    expect(webhook.seen[5]?.body).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    const metrics = await gateway.get('/metrics');
    expect(metrics.text).toContain('parley_push_notifications_total{result="acknowledged"} 6');
  });

  test('are configured, listed, read and deleted; what proves who tells is never shown.', async () => {
    const taskId = await started();
    const first = await client.createTaskPushNotificationConfig(config({ taskId, id: 'first' }));
    const shown = config({ taskId, id: 'first', token: '', authentication: { scheme: 'Bearer', credentials: '' } });
    expect(first).toEqual(shown);
    const second = await client.createTaskPushNotificationConfig(config({ taskId, authentication: undefined }));
    expect(await client.getTaskPushNotificationConfig({ tenant, taskId, id: 'first' })).toEqual(shown);
    const listed = { tenant, taskId, pageSize: 0, pageToken: '' };
    expect((await client.listTaskPushNotificationConfig(listed)).configs).toHaveLength(2);
    await client.deleteTaskPushNotificationConfig({ tenant, taskId, id: 'first' });
    await client.deleteTaskPushNotificationConfig({ tenant, taskId, id: 'first' });
    expect((await client.listTaskPushNotificationConfig(listed)).configs).toEqual([
      { ...shown, id: second.id, authentication: undefined },
    ]);
    await expect(client.getTaskPushNotificationConfig({ tenant, taskId, id: 'first' })).rejects.toMatchObject({
      name: 'TaskNotFoundError',
    });
  });

  test('begin with what happens after they were asked for, and only for a task that goes on.', async () => {
    const taskId = await started();
    await publish(gateway.bus, factsOf(taskId, 2).slice(0, 2));
    await client.createTaskPushNotificationConfig(config({ taskId }));
    await publish(gateway.bus, factsOf(taskId, 2));
    await until('the rest is told', () => webhook.seen.length === 4);
    expect(webhook.acknowledged()).toEqual([3, 4, 5, 6]);
    await expect(client.createTaskPushNotificationConfig(config({ taskId }))).rejects.toThrow(/is over/);
    const kept = () =>
      database.db.transaction(async (tx) => {
        await tx.query("select set_config('parley.tenant', '*', true)");
        return tx.query<{ token: string | null }>(
          'select token, scheme, credentials from gateway.push_config where debate_id = $1',
          [taskId],
        );
      });
    // The receiver knows of the last event before the gateway has written that it does.
    const isForgotten = async () => (await kept()).every(({ token }) => token === null);
    await until('the credentials are forgotten', isForgotten);
    expect(await kept()).toEqual([{ token: null, scheme: null, credentials: null }]);
  });

  test('come again until they are acknowledged, in order, and not once more after it.', async () => {
    webhook.answerWith((n) => (n === 0 ? 503 : n === 2 ? 302 : 204));
    const id = await started(config());
    await publish(gateway.bus, factsOf(id, 2));
    await until('all is told', () => webhook.acknowledged().length === 6);
    expect(webhook.seen.map(({ sequence }) => sequence)).toEqual([1, 1, 2, 2, 3, 4, 5, 6]);
    expect(webhook.acknowledged()).toEqual(oneTo(6));
  });

  test('go on from where they were in the gateway that comes after.', async () => {
    webhook.answerWith((n) => (n < 2 ? 204 : 503));
    const id = await started(config());
    await publish(gateway.bus, factsOf(id, 2));
    await until('the third is refused', () => webhook.seen.length === 3);
    await gateway.stop();
    webhook.answerWith(() => 204);
    gateway = await startGateway(database.db, { evidenceOrigins: [webhook.origin] });
    await until('all is told', () => webhook.acknowledged().length === 6);
    expect(webhook.acknowledged()).toEqual(oneTo(6));
  });

  test('are told by one replica each, however many there are.', async () => {
    const other = await startGateway(database.other, { evidenceOrigins: [webhook.origin] });
    const tasks = await Promise.all(Array.from({ length: 5 }, () => started(config())));
    await Promise.all(tasks.map((id) => publish(gateway.bus, factsOf(id, 2))));
    await until('all is told', () => webhook.acknowledged().length >= 30);
    await other.stop();
    await gateway.stop();
    expect(webhook.acknowledged()).toHaveLength(30);
    gateway = await startGateway(database.db, { evidenceOrigins: [webhook.origin] });
  });

  test('go nowhere but to origins that may be asked, and nothing is started for one that may not.', async () => {
    const { origin } = webhook;
    const before = gateway.commands.length;
    for (const [url, why] of [
      ['http://169.254.169.254/latest', /neither https nor http on this machine/],
      ['https://example.org/hook', /PARLEY_EVIDENCE_ORIGINS does not list/],
      [origin.replace('127.0.0.1', 'localhost'), /does not list/],
      [origin.replace('//', '//me:secret@'), /has a password/],
      ['no address', /is no address/],
    ] as const) {
      await expect(client.sendMessage(request('Tea', {}, true, config({ url })))).rejects.toThrow(why);
    }
    const broken = config({ token: 'a\r\nHost: elsewhere' });
    await expect(client.sendMessage(request('Tea', {}, true, broken))).rejects.toThrow(/printable ASCII/);
    const scheme = config({ authentication: { scheme: 'Bearer x\n', credentials: 'y' } });
    await expect(client.sendMessage(request('Tea', {}, true, scheme))).rejects.toThrow(/authentication scheme/);
    expect(gateway.commands.length).toBe(before);
    const taskId = await started();
    for (let n = 0; n < 10; n++) await client.createTaskPushNotificationConfig(config({ taskId }));
    await expect(client.createTaskPushNotificationConfig(config({ taskId }))).rejects.toThrow(/the most there may be/);
  });

  test('are not to be had where nobody may be asked.', async () => {
    const other = await startGateway(database.other);
    const there = await new ClientFactory().createFromUrl(other.url);
    expect(await there.getAgentCard()).toMatchObject({ capabilities: { pushNotifications: false } });
    const asked = there.sendMessage(request('Tea', {}, true, config()));
    await expect(asked).rejects.toMatchObject({ name: 'PushNotificationNotSupportedError' });
    await other.stop();
  });

  test('of a task are nothing to another tenant.', async () => {
    const guarded = await startGateway(database.other, { auth: {}, evidenceOrigins: [webhook.origin] });
    const as = await credentialsOf(database.other, `acme-${name}`, `umbrella-${name}`);
    const clientOf = (who: string) => {
      const fetchImpl: typeof fetch = (url, init) =>
        fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), ...as(who) } });
      const transports = [new JsonRpcTransportFactory({ fetchImpl })];
      return new ClientFactory({ transports, cardResolver: new DefaultAgentCardResolver() }).createFromUrl(guarded.url);
    };
    const [acme, umbrella] = [await clientOf(`acme-${name}`), await clientOf(`umbrella-${name}`)];
    const { id: taskId } = (await acme.sendMessage(request('Tea', {}, true))) as { id: string };
    await acme.createTaskPushNotificationConfig(config({ taskId, id: 'mine' }));
    const notFound = { name: 'TaskNotFoundError' };
    await expect(umbrella.createTaskPushNotificationConfig(config({ taskId }))).rejects.toMatchObject(notFound);
    await expect(umbrella.getTaskPushNotificationConfig({ tenant, taskId, id: 'mine' })).rejects.toMatchObject(
      notFound,
    );
    await expect(umbrella.deleteTaskPushNotificationConfig({ tenant, taskId, id: 'mine' })).rejects.toMatchObject(
      notFound,
    );
    expect(await acme.getTaskPushNotificationConfig({ tenant, taskId, id: 'mine' })).toMatchObject({ id: 'mine' });
    await guarded.stop();
  });
});
