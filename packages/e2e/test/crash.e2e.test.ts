import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { failpoints } from '@parley/spine';
import { crashAt } from '../src/crash.ts';
import { startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-crash-'));
/** What each test begins with a copy of: to make the schemas takes as much of the processor as a start. */
const migrated = join(home, 'migrated');
beforeAll(async () => {
  const parley = await startParley({ dataDir: migrated });
  parley.kill('SIGTERM');
  await parley.exited;
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const wishes = ['Are remote teams better?', '城市应该禁止汽车吗'].map((topic) => ({ topic, maxRounds: 3 }));

/** Points that lie within a turn: there turns take as long as those of a fast real model, and half of them are said. */
const withinTurns: ReadonlySet<string> = new Set(['after-claim', 'mid-model-call', 'after-model-before-completion']);
const latencyMs = (point: string) => (withinTurns.has(point) ? 500 : 5);

/** Early, in the middle, and where the judge works. */
const hits = [1, 4, 11];

test.each(failpoints.flatMap((point) => hits.map((hit) => [point, hit] as const)))(
  'a debate goes on after kill -9 at %s, hit %i, and nothing is lost, repeated or reordered',
  async (point, hit) => {
    const dataDir = join(home, `${point}-${hit}`);
    cpSync(migrated, dataDir, { recursive: true });
    const run = await crashAt({
      dataDir,
      failpoint: `${point}:${hit}`,
      env: { PARLEY_REHEARSAL_LATENCY_MS: String(latencyMs(point)) },
      debates: wishes,
    });
    expect(run).toEqual({ hasCrashed: true, acknowledged: wishes.length, violations: [] });
  },
  120_000,
);
