import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openEmbedded } from '@parley/spine';
import { createApi } from '../src/api.ts';
import { check } from '../src/checker.ts';
import { startParley } from '../src/parley-process.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-drain-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

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
