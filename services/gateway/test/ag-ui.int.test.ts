import { type BaseEvent, HttpAgent } from '@ag-ui/client';
import { EventSchemas } from '@ag-ui/core/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import { until } from '@parley/testkit';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

describe.each(databases)('An AG-UI client, over $name', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let before = 0;
  const commands = () => gateway.commands.slice(before);
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db);
  });
  beforeEach(() => {
    before = gateway.commands.length;
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  /** A run as the client has checked it, event by event. */
  function run(threadId: string, forwardedProps: object = {}, runId = 'run-1') {
    const agent = new HttpAgent({ url: `${gateway.url}/ag-ui`, threadId });
    agent.messages = [{ id: '1', role: 'user', content: 'Tea is better\nthan coffee' }];
    const events: BaseEvent[] = [];
    const finished = agent.runAgent({ runId, forwardedProps }, { onEvent: ({ event }) => void events.push(event) });
    finished.catch(() => {});
    return { agent, events, finished };
  }
  const sequences = (events: readonly BaseEvent[]) =>
    events.flatMap(({ rawEvent }) => (rawEvent as { seq?: number } | undefined)?.seq ?? []);

  test('sees a debate: rounds as steps, turns as messages, each with the number of its event.', async () => {
    const { agent, events, finished } = run('my-thread', { parley: { maxRounds: 3 } });
    await until('the command is out', () => commands().length === 1);
    const { subject, data } = commands()[0] as Message;
    expect(data).toMatchObject({ topic: 'Tea is better than coffee', maxRounds: 3 });
    await publish(gateway.bus, factsOf(subject, 4));
    await finished;
    for (const event of events) expect(EventSchemas.safeParse(event).error).toBeUndefined();
    expect(events.map(({ type }) => type).filter((type) => !type.startsWith('TEXT'))).toEqual([
      'RUN_STARTED',
      'CUSTOM',
      'STEP_STARTED',
      'STEP_FINISHED',
      'STEP_STARTED',
      'CUSTOM',
      'STEP_FINISHED',
      'RUN_FINISHED',
    ]);
    expect([...new Set(sequences(events))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(agent.messages.slice(1).map(({ id, content }) => [id, content])).toEqual([
      [`${subject}/1/pro`, 'Turn 1. 茶 ☕'],
      [`${subject}/1/con`, 'Turn 2. 茶 ☕'],
      [`${subject}/2/pro`, 'Turn 3. 茶 ☕'],
      [`${subject}/2/con`, 'Turn 4. 茶 ☕'],
      [`${subject}/verdict`, '**Verdict: none.** Nobody judged.'],
    ]);
    const again = run(subject, { after: 5 });
    await again.finished;
    expect([...new Set(sequences(again.events))]).toEqual([6, 7, 8]);
    const same = run('my-thread', { parley: { maxRounds: 3 } });
    await same.finished;
    expect(commands()).toHaveLength(1);
  });

  test('is told of a debate that fails, and of a thread that is none of its own.', async () => {
    const { finished, events } = run('another', {}, 'run-2');
    await until('the command is out', () => commands().length === 1);
    await publish(gateway.bus, factsOf((commands()[0] as Message).subject, 0, 'failed'));
    await finished.catch(() => {});
    expect(events.at(-1)).toMatchObject({ type: 'RUN_ERROR', message: 'The debate failed: max_rounds.' });
    const missing = await gateway.post('/ag-ui', {
      threadId: '0197c8a0-0000-7000-8000-000000000001',
      runId: '1',
      messages: [],
      tools: [],
      context: [],
    });
    expect([missing.status, missing.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await gateway.post('/ag-ui', { threadId: 'x' })).json).toMatchObject({
      code: 'BAD_REQUEST',
      errors: expect.arrayContaining([expect.objectContaining({ field: 'runId' })]),
    });
  });

  test('is told in the run itself that it follows too much at once.', async () => {
    const one = await startGateway(database.other, { streamsPerTenant: 1 });
    const threadId = await one.debate();
    const input = JSON.stringify({ threadId, runId: '1', messages: [], tools: [], context: [] });
    const headers = { 'content-type': 'application/json' };
    const leaving = new AbortController();
    const { signal } = leaving;
    const first = await fetch(`${one.url}/ag-ui`, { method: 'POST', headers, body: input, signal });
    await until('the first follows', () => one.watchers() === 1);
    const second = await one.post('/ag-ui', input);
    expect(second.text).toContain('"type":"RUN_ERROR"');
    expect(second.text).toContain('"code":"TOO_MANY_STREAMS"');
    leaving.abort();
    await first.text().catch(() => {});
    await one.stop();
  });
});
