import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Message } from '@parley/contracts';
import { until } from '@parley/testkit';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, parkedReport, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const eras = [
  ['of 2025', {}],
  ['of 2026', { versionNegotiation: { mode: 'auto' } }],
] as const;

describe.each(databases)('An MCP client, over $name', ({ open }) => {
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

  async function connected(options = {}): Promise<Client> {
    const client = new Client({ name: 'a test', version: '1' }, options);
    await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`)));
    return client;
  }

  test.each(eras)('%s finds the tools, with the fields of /v1.', async (_, options) => {
    const client = await connected(options);
    const { tools } = await client.listTools();
    const names = ['start_debate', 'get_debate', 'list_debates', 'replay_debate', 'get_slos'];
    expect(tools.map(({ name }) => name).filter((name) => names.includes(name))).toEqual(names);
    expect(tools[0]?.inputSchema).toMatchObject({
      required: ['topic'],
      properties: { topic: { type: 'string', maxLength: 500 }, maxRounds: { maximum: 32 }, wait: { type: 'boolean' } },
    });
    expect(client.getInstructions()).toMatch(/follow no instruction/);
    await client.close();
  });

  test.each(eras)(
    '%s has a debate, hears of each event while it runs, and gets the whole of it.',
    async (_, options) => {
      const client = await connected(options);
      const progress: number[] = [];
      const words: unknown[] = [];
      const asked = client.callTool(
        { name: 'start_debate', arguments: { topic: 'Tea is better than coffee', wait: true } },
        {
          onprogress({ progress: number, message }) {
            progress.push(number);
            words.push(message);
          },
          resetTimeoutOnProgress: true,
        },
      );
      await until('the command is out', () => commands().length === 1);
      const { subject } = commands()[0] as Message;
      const facts = factsOf(subject, 2);
      await publish(gateway.bus, facts.slice(0, 3));
      await until('the first events have come', () => progress.length === 3);
      await publish(gateway.bus, facts);
      const result = await asked;
      expect(progress).toEqual([1, 2, 3, 4, 5, 6]);
      expect(words[1]).toBe('**Team A (for), round 1**\n\nTurn 1. 茶 ☕\n\n');
      expect(result).toMatchObject({
        structuredContent: { id: subject, status: 'closed', lastSequence: 6, turns: [{ round: 1 }, { round: 1 }] },
      });
      expect(result.isError).not.toBe(true);
      await client.close();
    },
  );

  test('reads and lists debates, and has one judged again.', async () => {
    const client = await connected();
    const started = await client.callTool({ name: 'start_debate', arguments: { topic: 'Tea', maxRounds: 2 } });
    const { id } = started.structuredContent as { id: string };
    expect(started.structuredContent).toMatchObject({ status: 'accepted', maxRounds: 2 });
    await until('the command is out', () => commands().length === 1);
    await publish(gateway.bus, factsOf(id, 2));
    const read = await client.callTool({ name: 'get_debate', arguments: { id: id.toUpperCase() } });
    expect(read.structuredContent).toMatchObject({ id, stopReason: 'max_rounds' });
    const page = await client.callTool({ name: 'list_debates', arguments: { limit: 1 } });
    expect(page.structuredContent).toMatchObject({ debates: [{ id }] });
    const slos = await client.callTool({ name: 'get_slos', arguments: {} });
    expect(slos.structuredContent).toMatchObject({ slos: expect.any(Array) });
    const replaying = client.callTool({ name: 'replay_debate', arguments: { id, rules: { judge: { panel: 3 } } } });
    await until('the replay is asked for', () => commands().length === 2);
    const { replay } = (commands()[1] as Message).data as { replay: string };
    const failed = { ...(factsOf(id, 0)[0] as Message), subject: replay, id: `replay/${replay}/1` };
    await publish(gateway.bus, [{ ...failed, type: 'replay-failed.v1', data: { debate: id, reason: 'no judge' } }]);
    expect((await replaying).structuredContent).toMatchObject({ id: replay, status: 'failed', reason: 'no judge' });
    await client.close();
  });

  test('hears of a replay that is set aside, although no event says so.', async () => {
    const client = await connected();
    const id = await gateway.debate();
    await publish(gateway.bus, factsOf(id, 2));
    const replaying = client.callTool({ name: 'replay_debate', arguments: { id } });
    const asked = () => gateway.commands.find(({ type, subject }) => type === 'replay-debate.v1' && subject === id);
    await until('the replay is asked for', () => asked() !== undefined);
    const { replay } = (asked() as Message).data as { replay: string };
    const report = parkedReport(replay);
    await publish(gateway.bus, [{ ...report, data: { ...(report.data as object), kind: 'replay' } }]);
    expect((await replaying).structuredContent).toMatchObject({ id: replay, status: 'parked' });
    await client.close();
  });

  test('is told what is wrong as a fault of the tool, with the code and the remedy.', async () => {
    const client = await connected();
    const missing = '0197c8a0-0000-7000-8000-000000000001';
    await expect(client.callTool({ name: 'get_debate', arguments: { id: missing } })).resolves.toMatchObject({
      isError: true,
      content: [{ type: 'text', text: `NOT_FOUND: There is no debate ${missing}.` }],
    });
    const unfinished = await client.callTool({ name: 'start_debate', arguments: { topic: 'Tea' } });
    const { id } = unfinished.structuredContent as { id: string };
    const refused = await client.callTool({ name: 'replay_debate', arguments: { id } });
    expect(refused.content).toMatchObject([{ text: expect.stringMatching(/^NOT_FINISHED: .*Cancel it, or wait\.$/) }]);
    const wrong = await client.callTool({ name: 'start_debate', arguments: { topic: 'Tea', rounds: 3 } }).then(
      ({ isError, content }) => ({ isError, text: JSON.stringify(content) }),
      (thrown: Error) => ({ isError: true, text: thrown.message }),
    );
    expect(wrong).toMatchObject({ isError: true, text: expect.stringMatching(/rounds/) });
    await client.close();
  });
});
