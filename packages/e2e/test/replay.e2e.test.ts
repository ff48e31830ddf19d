import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import type { ReplayRules, ReplayView } from '@parley/contracts/debate';
import { openEmbedded } from '@parley/spine';
import { useScope } from '@parley/testkit/scope.ts';
import { type Api, createApi } from '../src/api.ts';
import { check } from '../src/checker.ts';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const scope = useScope();
const home = mkdtempSync(join(tmpdir(), 'parley-replay-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const cli = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
/** Everything but the first words is said before: two such rounds end a debate. */
const nothingIsNew = { containment: 0, jaccard: 0 };

/** The product, which does not outlive its test. */
async function started(dataDir: string): Promise<ParleyProcess> {
  const parley = await startParley({ dataDir });
  scope.own(`The process ${parley.pid}`, () => {
    parley.kill('SIGKILL');
    return parley.exited;
  });
  return parley;
}

async function ask(api: Api, debate: string, rules: ReplayRules): Promise<string> {
  const { status, body } = await api.post<{ id: string }>(`/v1/debates/${debate}/replays`, rules);
  expect(status).toBe(202);
  return `/v1/debates/${debate}/replays/${body.id}`;
}

async function until(api: Api, path: string, isTrue: (view: ReplayView) => boolean): Promise<ReplayView> {
  const end = performance.now() + 30_000;
  for (;;) {
    const { body } = await api.json<ReplayView>(path);
    if (isTrue(body)) return body;
    if (performance.now() > end) throw new Error(`the replay is still ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
/** Waiting for it without blocking: connections that are kept open are closed by the server meanwhile. */
const run = (url: string, ...args: string[]) =>
  new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH ?? '', PARLEY_URL: url };
    const program = ['--disable-warning=ExperimentalWarning', cli, 'replay', ...args];
    execFile(process.execPath, program, { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
const logOf = async (parley: ParleyProcess, debate: string) =>
  (await fetch(`${parley.url}/v1/debates/${debate}/events?after=0`)).text();

/** What the database at rest says of the debaters and of one replay. */
async function atRest(dataDir: string, debate: string) {
  const db = await openEmbedded({ dataDir });
  try {
    const asked = await db.query<{ n: number }>(
      `select count(*)::int as n from (select id from debater_a.stream union all select id from debater_b.stream) s`,
    );
    const replays = await db.query<{ type: string; n: number }>(
      `select e.type, count(*)::int as n from moderator.event e join moderator.stream s on s.id = e.stream_id
        where s.kind = 'replay' group by e.type order by e.type`,
    );
    return { violations: await check(db, [debate]), asked: asked[0]?.n, replays };
  } finally {
    await db.close();
  }
}

test('a debate is replayed by lower thresholds: it would have stopped earlier, and is itself untouched', async () => {
  const dataDir = join(home, 'lower');
  const parley = await started(dataDir);
  const api = createApi(parley.url);
  const debate = await api.start({ topic: 'Is tea better than coffee?', maxRounds: 5, stopWhenRedundant: false });
  expect((await api.post(`/v1/debates/${debate}/replays`, {})).body).toMatchObject({ code: 'NOT_FINISHED' });
  const before = await api.untilClosed(debate);
  const log = await logOf(parley, debate);

  const rules: ReplayRules = { thresholds: nothingIsNew, stop: { stopWhenRedundant: true }, judge: { panel: 3 } };
  const { status, result } = await until(api, await ask(api, debate, rules), (view) => view.finishedAt !== null);
  expect(status).toBe('finished');
  expect(result?.original).toMatchObject({ rounds: 5, stopReason: 'max_rounds', verdict: before.verdict });
  expect(result?.replay).toMatchObject({ rounds: 3, stopReason: 'redundant', positionFlip: false });
  expect(result?.replay.turns).toHaveLength(6);
  expect(result?.replay.votes).toHaveLength(6);
  expect(result?.tokensSaved).toBeGreaterThan(0);
  expect(result?.usage.inputTokens).toBeGreaterThan(0);

  const same = await until(api, await ask(api, debate, {}), (view) => view.finishedAt !== null);
  expect(same.result?.replay).toMatchObject({ rounds: 5, stopReason: 'max_rounds', verdict: before.verdict });
  expect(same.result?.replay.votes.map(({ winner }) => winner)).toEqual(before.votes.map(({ winner }) => winner));

  const printed = await run(parley.url, debate, '--containment', '0', '--jaccard', '0', '--max-rounds', '2');
  expect(printed.stderr).toBe('');
  expect(printed.stdout).toMatch(
    /It would have stopped at round 2 \(max_rounds\) instead of round 5 \(max_rounds\); saved \d+ % of the tokens\./,
  );
  expect(printed.status).toBe(0);
  const unknown = await run(parley.url, '0193e5a0-7c1e-7d3a-9f00-00000000000a');
  expect([unknown.status, unknown.stderr]).toEqual([4, expect.stringContaining('There is no debate 0193e5a0')]);
  const nobody = await run('http://127.0.0.1:9', debate);
  expect([nobody.status, nobody.stderr]).toEqual([3, expect.stringContaining('Start it with "parley up"')]);

  expect(await logOf(parley, debate)).toBe(log);
  expect(await api.debate(debate)).toEqual(before);
  parley.kill('SIGTERM');
  await parley.exited;
  expect(await atRest(dataDir, debate)).toEqual({
    violations: [],
    asked: 10,
    replays: [
      { type: 'replay-finished.v1', n: 3 },
      { type: 'replay-started.v1', n: 3 },
    ],
  });
}, 120_000);

test('kill -9 while the judges of a replay think: after the restart it finishes once', async () => {
  const dataDir = join(home, 'killed');
  const first = await started(dataDir);
  const api = createApi(first.url);
  const debate = await api.start({ topic: '城市应该禁止汽车吗', maxRounds: 2 });
  const before = await api.untilClosed(debate);
  const path = await ask(api, debate, { judge: { model: 'rehearsal:slow', panel: 3 } });
  await until(api, path, (view) => view.status === 'judging');
  first.kill('SIGKILL');
  expect((await first.exited).signal).toBe('SIGKILL');

  const second = await started(dataDir);
  const again = createApi(second.url);
  const view = await until(again, path, ({ finishedAt }) => finishedAt !== null);
  expect(view).toMatchObject({ status: 'finished', result: { replay: { rounds: 2 } } });
  expect(await again.debate(debate)).toEqual(before);
  second.kill('SIGTERM');
  await second.exited;
  expect(await atRest(dataDir, debate)).toEqual({
    violations: [],
    asked: 4,
    replays: [
      { type: 'replay-finished.v1', n: 1 },
      { type: 'replay-started.v1', n: 1 },
    ],
  });
}, 120_000);
