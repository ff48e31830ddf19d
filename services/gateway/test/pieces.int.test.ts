import type { StreamResponse } from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import { type BaseEvent, HttpAgent } from '@ag-ui/client';
import { EventSchemas } from '@ag-ui/core/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Message } from '@parley/contracts';
import { until } from '@parley/testkit';
import OpenAI from 'openai';
import { request, sequenceOf } from './a2a-message.ts';
import { databases, type TestDatabase } from './databases.ts';
import { oneTo } from './event-reader.ts';
import { recordedTurns, writeDebate } from './fake-writer.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const messages = [{ role: 'user' as const, content: 'Tea' }];

describe.each(databases)('A turn is told while it is written, over $name,', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let before = 0;
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

  async function asked(): Promise<string> {
    await until('the command is out', () => gateway.commands.length > before);
    return (gateway.commands.at(-1) as Message).subject;
  }

  test("to OpenAI's client in chunks; it is said where what was told does not count.", async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any' });
    const stream = await client.chat.completions.create({ model: 'debate', messages, stream: true });
    const id = stream[Symbol.asyncIterator]();
    const first = await id.next();
    const debate = (first.value as OpenAI.ChatCompletionChunk).id.slice('chatcmpl-'.length);
    const chunks: string[] = [];
    const read = (async () => {
      for (let one = await id.next(); one.done !== true; one = await id.next()) {
        chunks.push(one.value.choices[0]?.delta.content ?? '');
      }
    })();
    await writeDebate(gateway, debate, (text) => chunks.some((chunk) => chunk.includes(text)));
    await read;
    expect(chunks.slice(0, 3)).toEqual([
      '**Team A (for), round 1**\n\nTurn 1. 茶 ☕\n\n',
      '**Team B (against), round 1**\n\nTurn 2',
      '.',
    ]);
    const anew = '\n\n*The turn was given up here and written anew:*\n\n';
    expect(chunks.join('')).toBe(
      [
        '**Team A (for), round 1**\n\nTurn 1. 茶 ☕\n\n',
        '**Team B (against), round 1**\n\nTurn 2. 茶 ☕\n\n',
        `**Team A (for), round 2**\n\nThe wrong way${anew}Turn 3. 茶 ☕\n\n`,
        `**Team B (against), round 2**\n\nSomething else${anew}Turn 4. 茶 ☕\n\n`,
        '**Team A (for), round 3**\n\nNever\n\n*The turn was given up here.*\n\n',
        '*Stopped: max_rounds, after 2 rounds.*\n\n**Verdict: none.** Nobody judged.\n',
      ].join(''),
    );
  });

  test('to an AG-UI client as a message that grows; a snapshot takes back what does not count.', async () => {
    const agent = new HttpAgent({ url: `${gateway.url}/ag-ui`, threadId: 'pieces' });
    agent.messages = [{ id: '1', role: 'user', content: 'Tea' }];
    const events: BaseEvent[] = [];
    const finished = agent.runAgent({ runId: 'one' }, { onEvent: ({ event }) => void events.push(event) });
    const id = await asked();
    await writeDebate(gateway, id, (text) => JSON.stringify(events).includes(text));
    await finished;
    for (const event of events) expect(EventSchemas.safeParse(event).error).toBeUndefined();
    expect(agent.messages.map(({ id: of, content }) => [of.replace(id, ''), content])).toEqual([
      ['1', 'Tea'],
      ['/1/pro', recordedTurns[0]],
      ['/1/con', recordedTurns[1]],
      ['/2/pro', recordedTurns[2]],
      ['/2/con', recordedTurns[3]],
      ['/verdict', '**Verdict: none.** Nobody judged.'],
    ]);
    const second = events.filter((event) => (event as { messageId?: string }).messageId === `${id}/1/con`);
    expect(second.map(({ type, ...rest }) => [type, (rest as { delta?: string }).delta])).toEqual([
      ['TEXT_MESSAGE_START', undefined],
      ['TEXT_MESSAGE_CONTENT', 'Turn 2'],
      ['TEXT_MESSAGE_CONTENT', '.'],
      ['TEXT_MESSAGE_CONTENT', ' 茶 ☕'],
      ['TEXT_MESSAGE_END', undefined],
    ]);
    const numbers = events.flatMap(({ rawEvent }) => (rawEvent as { seq?: number } | undefined)?.seq ?? []);
    expect([...new Set(numbers)]).toEqual(oneTo(8));
  });

  test('to an A2A client as an artifact that is appended to; the recorded turn takes its place.', async () => {
    const client = await new ClientFactory().createFromUrl(gateway.url);
    const stream = client.sendMessageStream(request('Tea'));
    const seen: StreamResponse[] = [];
    const texts = new Map<string, string>();
    const read = (async () => {
      for await (const one of stream) {
        seen.push(one);
        if (one.payload?.$case !== 'artifactUpdate') continue;
        const { artifact, append } = one.payload.value;
        const said = artifact?.parts.map(({ content }) => String(content?.value ?? '')).join('') ?? '';
        const name = artifact?.artifactId ?? '';
        texts.set(name, append ? (texts.get(name) ?? '') + said : said);
      }
    })();
    const id = await asked();
    await writeDebate(gateway, id, (text) => JSON.stringify(seen).includes(text));
    await read;
    expect(Object.fromEntries(texts)).toEqual({
      'turn-1-pro': recordedTurns[0],
      'turn-1-con': recordedTurns[1],
      'turn-2-pro': recordedTurns[2],
      'turn-2-con': recordedTurns[3],
      'turn-3-pro': 'Never',
    });
    expect(seen.map(sequenceOf).filter((number) => !Number.isNaN(number))).toEqual([0, ...oneTo(8)]);
    const task = await client.getTask({ tenant: '', id });
    expect(task.artifacts.map(({ artifactId }) => artifactId)).toEqual([...texts.keys()].slice(0, 4));
  });

  test.each([
    ['of 2025', {}],
    ['of 2026', { versionNegotiation: { mode: 'auto' } }],
  ] as const)('to an MCP client %s as progress between the numbers of events.', async (_, options) => {
    const client = new Client({ name: 'a test', version: '1' }, options);
    await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`)));
    const told: { progress: number; message?: string | undefined }[] = [];
    const calling = client.callTool(
      { name: 'start_debate', arguments: { topic: 'Tea', wait: true } },
      { onprogress: (one) => void told.push(one), resetTimeoutOnProgress: true },
    );
    const id = await asked();
    await writeDebate(gateway, id, (text) => told.some(({ message }) => message?.includes(text)));
    const result = await calling;
    expect(told.map(({ progress }) => progress)).toEqual(
      [...told.map(({ progress }) => progress)].sort((a, b) => a - b),
    );
    expect(new Set(told.map(({ progress }) => progress)).size).toBe(told.length);
    expect(told.map(({ progress }) => progress).filter(Number.isInteger)).toEqual(oneTo(8));
    expect(told.filter(({ progress }) => progress > 2 && progress < 3)).toEqual([
      { progress: 2.5, message: '**Team B (against), round 1**\n\nTurn 2' },
    ]);
    expect(result.structuredContent).toMatchObject({ turns: recordedTurns.map((text) => ({ text })) });
    await client.close();
  });
});
