import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Role } from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import { type BaseEvent, HttpAgent } from '@ag-ui/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { DebateView } from '@parley/contracts/debate';
import { createParley } from '@parley/sdk';
import { useScope } from '@parley/testkit/scope.ts';
import OpenAI from 'openai';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const scope = useScope();
const home = mkdtempSync(join(tmpdir(), 'parley-protocols-'));
const cli = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
let parley: ParleyProcess;
beforeAll(async () => {
  parley = await startParley({ dataDir: join(home, 'data') });
}, 130_000);
afterAll(async () => {
  parley.kill('SIGTERM');
  await parley.exited;
  rmSync(home, { recursive: true, force: true });
});

/** The numbers of a debate's events, as the SDK follows them. */
async function numbersOf(id: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const event of createParley({ url: parley.url }).debates.follow(id)) {
    if (event.type !== 'delta') numbers.push(event.seq);
  }
  return numbers;
}

test('A program that starts "parley mcp" has a real debate over its pipes, numbered as everywhere.', async () => {
  const client = new Client({ name: 'a test', version: '1' });
  const close = scope.own('The MCP client', () => client.close());
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', cli, 'mcp'],
      env: { PATH: process.env.PATH ?? '', PARLEY_URL: parley.url },
    }),
  );
  const told: number[] = [];
  const result = await client.callTool(
    { name: 'start_debate', arguments: { topic: 'Tea is better than coffee', maxRounds: 1, wait: true } },
    { onprogress: ({ progress }) => void told.push(progress), resetTimeoutOnProgress: true },
  );
  const debate = result.structuredContent as unknown as DebateView;
  expect(debate).toMatchObject({ status: 'closed', turns: [{ side: 'pro' }, { side: 'con' }] });
  // Between the numbers of events, the turns that are being written.
  const numbers = told.filter(Number.isInteger);
  expect(numbers).toEqual(await numbersOf(debate.id));
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  const wrong = await client.callTool({
    name: 'get_debate',
    arguments: { id: '0197c8a0-0000-7000-8000-000000000001' },
  });
  expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^There is no debate/) }] });
  await close();
});

/** A debate that is started over A2A: its task's id, and the numbers that its updates carry. */
async function overA2a(): Promise<{ id: string; numbers: number[] }> {
  const client = await new ClientFactory().createFromUrl(parley.url);
  const topic = { $case: 'text' as const, value: 'Tea is better than coffee' };
  const stream = client.sendMessageStream({
    tenant: '',
    metadata: { parley: { maxRounds: 2 } },
    configuration: undefined,
    message: {
      messageId: 'one',
      contextId: '',
      taskId: '',
      role: Role.ROLE_USER,
      parts: [{ content: topic, metadata: undefined, filename: '', mediaType: '' }],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    },
  });
  let id = '';
  const numbers: number[] = [];
  for await (const { payload } of stream) {
    if (payload?.$case === 'task') id = payload.value.id;
    else if (payload?.$case === 'statusUpdate' || payload?.$case === 'artifactUpdate') {
      const { sequence } = payload.value.metadata ?? {};
      if (sequence !== undefined) numbers.push(sequence);
    }
  }
  return { id, numbers };
}

async function overAgUi(threadId: string): Promise<number[]> {
  const events: BaseEvent[] = [];
  const agent = new HttpAgent({ url: `${parley.url}/ag-ui`, threadId });
  await agent.runAgent({ runId: 'one' }, { onEvent: ({ event }) => void events.push(event) });
  return [...new Set(events.flatMap(({ rawEvent }) => (rawEvent as { seq?: number } | undefined)?.seq ?? []))];
}

function overWebSocket(id: string): Promise<number[]> {
  const numbers: number[] = [];
  const socket = new WebSocket(`${parley.url.replace('http', 'ws')}/v1/debates/${id}/ws`);
  socket.onmessage = ({ data }) => {
    const { seq } = JSON.parse(String(data)) as { seq?: number };
    if (seq !== undefined) numbers.push(seq);
  };
  return new Promise((resolve, reject) => {
    socket.onclose = () => resolve(numbers);
    socket.onerror = () => reject(new Error('The WebSocket failed.'));
  });
}

test('An event has one number, whatever it is read by.', async () => {
  const { id, numbers } = await overA2a();
  expect(numbers.length).toBeGreaterThan(6);
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  await expect(Promise.all([numbersOf(id), overWebSocket(id), overAgUi(id)])).resolves.toEqual([
    numbers,
    numbers,
    numbers,
  ]);
});

test("OpenAI's client streams a real debate.", async () => {
  const client = new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: 'any' });
  const stream = await client.chat.completions.create({
    model: 'debate',
    messages: [{ role: 'user', content: 'Tea is better than coffee' }],
    stream: true,
  });
  let text = '';
  let chunks = 0;
  for await (const { choices } of stream) {
    text += choices[0]?.delta.content ?? '';
    chunks++;
  }
  // Turns come in pieces.
  expect(chunks).toBeGreaterThan(100);
  expect(text).not.toContain('given up');
  expect(text).toMatch(/^\*\*Team A \(for\), round 1\*\*/);
  expect(text).toMatch(/\*\*Verdict: /);
});
