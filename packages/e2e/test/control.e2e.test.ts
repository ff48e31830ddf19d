import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { openEmbedded } from '@parley/spine';
import { check } from '../src/checker.ts';
import { crashAt } from '../src/crash.ts';
import { createLedger, untilClosed } from '../src/ledger.ts';
import { startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-control-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const script = fileURLToPath(new URL('../src/unsafe-main.ts', import.meta.url));
const wish = { topic: 'Are remote teams better?', maxRounds: 3 };

test('the checker notices a message that was forgotten before it was sent', async () => {
  const run = await crashAt({
    dataDir: join(home, 'mark-before-send'),
    script,
    env: { PARLEY_CONTROL: 'mark-before-send' },
    failpoint: 'after-consume:4',
    debates: [wish],
    limitMs: 4_000,
  });
  expect(run.hasCrashed).toBe(true);
  expect(run.violations.map((violation) => violation.rule)).toContain('an acknowledged debate comes to its end');
}, 120_000);

test('an effect that outlives its unrenewed lease is begun again and still answered once', async () => {
  const dataDir = join(home, 'no-renewal');
  const env = {
    PARLEY_CONTROL: 'no-renewal',
    PARLEY_LEASE_MS: '300',
    PARLEY_POLL_MS: '50',
    PARLEY_REHEARSAL_LATENCY_MS: '400',
  };
  const parley = await startParley({ dataDir, script, env });
  const ledger = createLedger();
  await ledger.ask(parley.url, ledger.wish({ ...wish, maxRounds: 1 }));
  await untilClosed(parley.url, ledger.ids(), 60_000);
  parley.kill('SIGTERM');
  await parley.exited;
  const db = await openEmbedded({ dataDir });
  const violations = await check(db, ledger.ids());
  const [most] = await db.query<{ started: number }>('select max(started) as started from debater_a.effect');
  await db.close();
  expect(most?.started).toBeGreaterThan(1);
  expect(violations).toEqual([]);
}, 120_000);
