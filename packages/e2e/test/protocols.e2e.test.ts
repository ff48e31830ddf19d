import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { DebateView } from '@parley/contracts';
import { createParley } from '@parley/sdk';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-protocols-'));
const cli = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
let parley: ParleyProcess;
beforeAll(async () => {
  parley = await startParley({ dataDir: join(home, 'data') });
});
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
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', cli, 'mcp'],
      env: { PATH: process.env.PATH ?? '', PARLEY_URL: parley.url },
    }),
  );
  const numbers: number[] = [];
  const result = await client.callTool(
    { name: 'start_debate', arguments: { topic: 'Tea is better than coffee', maxRounds: 1, wait: true } },
    { onprogress: ({ progress }) => void numbers.push(progress), resetTimeoutOnProgress: true },
  );
  const debate = result.structuredContent as unknown as DebateView;
  expect(debate).toMatchObject({ status: 'closed', turns: [{ side: 'pro' }, { side: 'con' }] });
  expect(numbers).toEqual(await numbersOf(debate.id));
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  const wrong = await client.callTool({
    name: 'get_debate',
    arguments: { id: '0197c8a0-0000-7000-8000-000000000001' },
  });
  expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^There is no debate/) }] });
  await client.close();
});
