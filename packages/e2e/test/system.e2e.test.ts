import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openEmbedded } from '@parley/spine';
import { type Api, createApi } from '../src/api.ts';
import { check } from '../src/checker.ts';
import { agents } from '../src/cluster/agents.ts';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-system-'));
let parley: ParleyProcess;
let api: Api;
const started: string[] = [];

beforeAll(async () => {
  parley = await startParley({ dataDir });
  api = createApi(parley.url);
}, 60_000);

/** Runs last: after everything above, the database is at rest and whole. */
afterAll(async () => {
  parley.kill('SIGTERM');
  expect(await parley.exited).toEqual({ code: 0, signal: null });
  const db = await openEmbedded({ dataDir });
  expect(await check(db, started)).toEqual([]);
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

async function start(body: Parameters<Api['start']>[0]): Promise<string> {
  const id = await api.start(body);
  started.push(id);
  return id;
}

const both = (model: string) => ({ pro: { model }, con: { model } });

test('a debate runs its rounds, names one stop reason and gets one verdict', async () => {
  const id = await start({ topic: 'Is tea better than coffee?', maxRounds: 3 });
  const view = await api.untilClosed(id);
  expect(view).toMatchObject({ status: 'closed', stopReason: 'max_rounds', alsoTrue: [] });
  expect(view.turns.map((turn) => `${turn.round}${turn.side}`)).toEqual([
    '1pro',
    '1con',
    '2pro',
    '2con',
    '3pro',
    '3con',
  ]);
  expect(view.verdict?.outcome).toMatch(/^(pro|con|contested)$/);
  expect(view.turns.every((turn) => turn.isRehearsal)).toBe(true);
});

test('a debate in Chinese runs in Chinese', async () => {
  const view = await api.untilClosed(await start({ topic: '人工智能对就业市场的影响', maxRounds: 2 }));
  expect(view.turns).toHaveLength(4);
  expect(view.turns.every((turn) => /\p{Script=Han}/u.test(turn.text))).toBe(true);
});

test('twenty debates at once all end, each with its own turns', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => start({ topic: `Motion ${n}`, maxRounds: 2 })));
  const views = await Promise.all(ids.map((id) => api.untilClosed(id)));
  expect(views.map((view) => view.turns.length)).toEqual(Array(20).fill(4));
});

test('a debate that goes in circles stops as redundant, and says which turns were stale', async () => {
  const view = await api.untilClosed(await start({ topic: 'Circles', maxRounds: 8, sides: both('rehearsal:repeat') }));
  expect(view).toMatchObject({ status: 'closed', stopReason: 'redundant', alsoTrue: [] });
  expect(view.turns.length).toBeLessThan(16);
  expect(view.turns.at(-1)?.novelty).toMatchObject({ isStale: true, step: 'hash', score: 0 });
});

test('the same debate uses all its rounds when redundancy may not stop it', async () => {
  const body = { topic: 'Circles', maxRounds: 4, sides: both('rehearsal:repeat'), stopWhenRedundant: false };
  expect(await api.untilClosed(await start(body))).toMatchObject({ stopReason: 'max_rounds', alsoTrue: [] });
});

test('a debate that runs past its deadline stops there and is judged on whole rounds', async () => {
  const id = await start({ topic: 'Slow', maxRounds: 32, deadlineSeconds: 2, sides: both('rehearsal:slow') });
  expect(await api.untilClosed(id)).toMatchObject({ status: 'closed', stopReason: 'deadline' });
});

test('a model that never answers cannot hang a debate: the next one speaks after half of the time', async () => {
  const id = await start({ topic: 'Silence', maxRounds: 1, deadlineSeconds: 8, sides: both('rehearsal:stall') });
  const view = await api.untilClosed(id);
  expect(view).toMatchObject({ status: 'closed', stopReason: 'max_rounds' });
  expect(view.turns.map(({ model }) => model)).toEqual(['rehearsal', 'rehearsal']);
});

test('a token budget ends a debate', async () => {
  const view = await api.untilClosed(await start({ topic: 'Thrift', maxRounds: 8, tokenBudget: 1_500 }));
  expect(view.stopReason).toBe('token_budget');
  expect(view.turns.length).toBeLessThan(16);
});

test.each(['rehearsal:empty', 'rehearsal:garbage', 'rehearsal:whitespace', 'rehearsal:dies', 'rehearsal:fail'])(
  '%s is tried again, then another model of the list speaks, or the debate fails with the reason',
  async (model) => {
    const id = await start({ topic: `Trouble with ${model}`, maxRounds: 2, sides: { pro: { model } } });
    const view = await api.untilClosed(id);
    if (view.status === 'closed') expect(view.turns[0]?.model).toBe('rehearsal');
    else
      expect(view).toMatchObject({
        status: 'failed',
        stopReason: 'debater_failed',
        detail: expect.stringContaining('pro in round 1'),
      });
  },
);

test('a cancelled debate ends at once, in the middle of a turn, and without a verdict', async () => {
  const id = await start({ topic: 'Stop', sides: both('rehearsal:stall') });
  await api.until(id, (view) => view.status === 'debating');
  expect((await api.post(`/v1/debates/${id}/cancel`, { reason: 'enough' })).status).toBe(202);
  const view = await api.untilClosed(id);
  expect(view).toMatchObject({ status: 'cancelled', stopReason: 'cancelled', detail: 'enough', verdict: null });
  expect((await api.post<{ code: string }>(`/v1/debates/${id}/cancel`, {})).body.code).toBe('ALREADY_CLOSED');
});

test('a debate is paused in the middle of a turn, spoken to, and goes on where it was', async () => {
  const id = await start({ topic: 'Pauses', maxRounds: 2, sides: both('rehearsal:slow') });
  await api.until(id, (view) => view.turns.length === 1);
  expect((await api.post(`/v1/debates/${id}/pause`, {})).status).toBe(202);
  const paused = await api.until(id, (view) => view.status === 'paused');
  expect((await api.post(`/v1/debates/${id}/notes`, { text: 'Please speak about costs, too.' })).status).toBe(202);
  expect((await api.post(`/v1/debates/${id}/resume`, {})).status).toBe(202);
  const view = await api.untilClosed(id);
  expect(view).toMatchObject({ status: 'closed', stopReason: 'max_rounds' });
  expect(view.turns.map((turn) => `${turn.round}${turn.side}`)).toEqual(['1pro', '1con', '2pro', '2con']);
  expect(view.turns.slice(0, paused.turns.length)).toEqual(paused.turns);
}, 60_000);

test('a debate whose debater gives in ends with its round', async () => {
  const id = await start({ topic: 'Giving in', maxRounds: 6, sides: { con: { model: 'rehearsal:concede' } } });
  expect(await api.untilClosed(id)).toMatchObject({ status: 'closed', stopReason: 'conceded' });
}, 60_000);

test("the article's routes start a debate and show its history", async () => {
  const made = await api.json<{ id: string; topic: string }>('/agent/start_debate?rounds=1');
  expect(made).toMatchObject({ status: 202, body: { topic: 'The impact of AI on the job market' } });
  started.push(made.body.id);
  await api.untilClosed(made.body.id);
  const history = await api.json<{ messages: { agent: string }[] }>(`/agent/chat-history?debate=${made.body.id}`);
  expect(history.body.messages.map((message) => message.agent)).toEqual(['Team A', 'Team B']);
  expect((await api.json('/agent/chat-history')).status).toBe(200);
});

test('a second process on the same data directory is refused with a sentence', async () => {
  await expect(startParley({ dataDir })).rejects.toThrow(/is in use by another Parley process/);
});

test('a port that is taken is refused with a sentence, and the process ends', async () => {
  const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'parley-port-'));
  const made = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, 'up', '--no-debate', '--data-dir', folder],
    { env: { PORT: new URL(parley.url).port, PARLEY_MODEL: 'rehearsal' }, encoding: 'utf8', timeout: 20_000 },
  );
  rmSync(folder, { recursive: true, force: true });
  expect(made).toMatchObject({
    status: 1,
    signal: null,
    stderr: expect.stringMatching(/^Port \d+ on 127\.0\.0\.1 is taken\./),
  });
}, 30_000);

/** After a test that takes long a kept connection may be closed from either end: it is asked for anew. */
const get = (path: string) => fetch(`${parley.url}${path}`).catch(() => fetch(`${parley.url}${path}`));

test('metrics of every service and readiness are there', async () => {
  const metrics = await (await get('/metrics')).text();
  for (const service of agents) {
    expect(metrics).toContain(`parley_events_total{service="${service}"}`);
  }
  const ready = await get('/readyz?verbose');
  expect(ready.status).toBe(200);
  expect(await ready.text()).toMatch(/\[\+\] model: rehearsal model .*not an AI/);
});
