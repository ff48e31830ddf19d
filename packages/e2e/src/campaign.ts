import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEmbedded } from '@parley/spine';
import { check, type Violation } from './checker.ts';
import { createLedger, openDebates, untilClosed } from './ledger.ts';
import { lostOf, type Outcomes, outcomesOf } from './outcomes.ts';
import { startParley } from './parley-process.ts';
import { generator } from './random.ts';

export interface CampaignOptions {
  readonly debates: number;
  /** Between the moment it answers and its death; drawn evenly from this range. */
  readonly killAfterMs: readonly [least: number, most: number];
  readonly seed: number;
  /** The campaign stops killing after this time and lets the rest finish. */
  readonly limitMs: number;
  /** It stops killing after so many, too. */
  readonly kills?: number;
  /** How long the model takes for a turn. */
  readonly turnMs: number;
  /** Rounds of each debate; drawn from 3 to 8 without it. */
  readonly rounds?: number;
  /** Debates asked for in each life of the process, so that work lasts as long as the killing; without it all at once. */
  readonly perLife?: number;
  /** How long the rest may take: suspects run one after the other. */
  readonly finishMs?: number;
  /** Runs the product without the promise of this name: see `unsafe-database.ts`. */
  readonly control?: string;
  report?(line: string): void;
}

export interface CampaignResult {
  readonly debates: number;
  readonly acknowledged: number;
  readonly kills: number;
  readonly seconds: number;
  readonly turns: number;
  readonly outcomes: Outcomes;
  readonly unfinished: readonly string[];
  readonly violations: readonly Violation[];
}

/** Requests in flight at once, so that debates overlap and kills hit many of them. */
const asked = 10;
const unsafe = fileURLToPath(new URL('./unsafe-main.ts', import.meta.url));

/** Many debates at once while the process is killed with -9 every few seconds, until all have ended; then the check. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-campaign-'));
  const began = performance.now();
  const random = generator(options.seed);
  const ledger = createLedger();
  for (let n = 0; n < options.debates; n++) {
    ledger.wish({ topic: `Motion ${n}: is this worth ${n} hours?`, maxRounds: options.rounds ?? 3 + (n % 6) });
  }
  const { turnMs, control, perLife = options.debates } = options;
  const env = { PARLEY_REHEARSAL_LATENCY_MS: String(turnMs), ...(control && { PARLEY_CONTROL: control }) };
  const start = () => startParley({ dataDir, env, ...(control && { script: unsafe }) });
  const atMost = options.kills ?? Number.POSITIVE_INFINITY;
  let kills = 0;
  /** Debates that may have been asked for by now. */
  const due = () => Math.max(0, (kills + 1) * perLife - ledger.ids().length);
  try {
    let parley = await start();
    let open = ledger.ids();
    while (kills < atMost && performance.now() - began < options.limitMs) {
      const [least, most] = options.killAfterMs;
      const death = wait(least + random() * (most - least));
      let isDue = false;
      void death.then(() => (isDue = true));
      while (!isDue && ledger.unacknowledged().length > 0 && due() > 0) {
        const keys = ledger.unacknowledged().slice(0, Math.min(asked, due()));
        await Promise.all(keys.map((key) => ledger.ask(parley.url, key)));
      }
      open = await openDebates(parley.url, ledger.ids()).catch(() => ledger.ids());
      if (open.length === 0 && ledger.unacknowledged().length === 0) break;
      await death;
      parley.kill('SIGKILL');
      await parley.exited;
      kills += 1;
      options.report?.(`kill ${kills}: ${ledger.ids().length} acknowledged, ${open.length} open`);
      parley = await start();
    }
    for (const key of ledger.unacknowledged()) await ledger.ask(parley.url, key);
    const unfinished = await untilClosed(parley.url, ledger.ids(), options.finishMs ?? 60_000);
    parley.kill('SIGTERM');
    await parley.exited;
    const db = await openEmbedded({ dataDir });
    const outcomes = await outcomesOf(db);
    const violations = [...(await check(db, ledger.ids())), ...lostOf(outcomes)];
    const [counted] = await db.query<{ turns: number }>(
      `select count(*)::int as turns from moderator.event where type = 'turn-recorded.v1'`,
    );
    await db.close();
    return {
      debates: options.debates,
      acknowledged: ledger.ids().length,
      kills,
      seconds: Math.round((performance.now() - began) / 1000),
      turns: counted?.turns ?? 0,
      outcomes,
      unfinished,
      violations,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
