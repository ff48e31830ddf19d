import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openEmbedded } from '@parley/spine';
import { createApi } from '../src/api.ts';
import { check } from '../src/checker.ts';
import { startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-drain-'));
const dataDir = join(home, 'short');
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('SIGTERM in the middle of ten debates ends the process cleanly, and the next start finishes them', async () => {
  const env = { PARLEY_REHEARSAL_LATENCY_MS: '300' };
  const first = await startParley({ dataDir, env });
  const api = createApi(first.url);
  const ids = await Promise.all(
    Array.from({ length: 10 }, (_, n) => api.start({ topic: `Motion ${n}`, maxRounds: 3 })),
  );
  await Promise.all(ids.map((id) => api.until(id, (view) => view.turns.length >= 1)));
  first.kill('SIGTERM');
  expect(await first.exited).toEqual({ code: 0, signal: null });

  // What was in hand is done or given back: nobody holds a lease, and no message is lost between two stools.
  const between = await openEmbedded({ dataDir });
  const held = await between.query(`select 1 from debater_a.effect where state = 'running'
    union all select 1 from debater_b.effect where state = 'running'`);
  await between.close();
  expect(held).toEqual([]);

  const second = await startParley({ dataDir, env });
  const again = createApi(second.url);
  const views = await Promise.all(ids.map((id) => again.untilClosed(id)));
  expect(views.every((view) => view.turns.length === 6)).toBe(true);
  second.kill('SIGTERM');
  await second.exited;
  const db = await openEmbedded({ dataDir });
  expect(await check(db, ids)).toEqual([]);
  await db.close();
}, 90_000);

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('SIGTERM in the middle of long turns, again and again, is no crash: the turns are given back and nobody is charged', async () => {
  const long = { dataDir: join(home, 'long'), env: { PARLEY_REHEARSAL_LATENCY_MS: '30000' } };
  for (let n = 0; n < 4; n++) {
    const parley = await startParley(long);
    if (n === 0) {
      const api = createApi(parley.url);
      await Promise.all([1, 2, 3].map((motion) => api.start({ topic: `Motion ${motion}`, maxRounds: 1 })));
    }
    // Every turn was asked for, and none waits for a worker.
    await until(async () => {
      const page = await (await fetch(`${parley.url}/metrics`)).text();
      const of = (name: string) => Number(new RegExp(`^${name}{service="debater-a"} (\\d+)`, 'm').exec(page)?.[1]);
      return of('parley_effect_backlog') === 0 && (n > 0 || of('parley_events_total') === 3);
    });
    parley.kill('SIGTERM');
    expect(await parley.exited).toEqual({ code: 0, signal: null });
    const db = await openEmbedded({ dataDir: long.dataDir });
    const found = await db.query(
      `select distinct state, started, crashes from debater_a.effect where data->>'type' = 'think'`,
    );
    await db.close();
    expect(found).toEqual([{ state: 'pending', started: 0, crashes: 0 }]);
  }
}, 120_000);
