import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createParley } from '@parley/sdk';
import { openWebhook, until, type Webhook } from '@parley/testkit';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-push-'));
let webhook: Webhook;
let parley: ParleyProcess;
const start = () =>
  startParley({ dataDir: join(home, 'data'), env: { PARLEY_EVIDENCE_ORIGINS: webhook.origin, PARLEY_POLL_MS: '500' } });
beforeAll(async () => {
  webhook = await openWebhook();
  parley = await start();
}, 130_000);
afterAll(async () => {
  parley.kill('SIGTERM');
  await parley.exited;
  webhook.close();
  rmSync(home, { recursive: true, force: true });
});

test('Push notifications survive kill -9: all are told, and what was acknowledged is not told again.', async () => {
  webhook.answerWith(async (n) => {
    if (n !== 3) return 204;
    parley.kill('SIGKILL');
    await parley.exited;
    // Too late: nobody hears it.
    return 204;
  });
  const message = { messageId: 'one', role: 'ROLE_USER', parts: [{ text: 'Tea is better than coffee' }] };
  const taskPushNotificationConfig = { url: `${webhook.origin}/hook`, token: 'mine' };
  const params = { message, configuration: { returnImmediately: true, taskPushNotificationConfig } };
  const answer = await fetch(`${parley.url}/a2a`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params }),
  });
  const { result } = (await answer.json()) as { result: { task: { id: string } } };
  await until('it was killed in the middle of the fourth', () => webhook.seen.length === 4);
  parley = await start();
  const numbers: number[] = [];
  for await (const event of createParley({ url: parley.url }).debates.follow(result.task.id)) {
    if (event.type !== 'delta') numbers.push(event.seq);
  }
  await until('the last is told', () => webhook.seen.at(-1)?.sequence === numbers.length, 60_000);
  expect(numbers.length).toBeGreaterThan(6);
  expect(webhook.seen.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, ...numbers.slice(3)]);
}, 180_000);
