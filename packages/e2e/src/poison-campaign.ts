import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbedded } from '@parley/spine';
import { agentSchemas, check, type Violation } from './checker.ts';
import { createLedger, openDebates } from './ledger.ts';
import { outcomesOf } from './outcomes.ts';
import { startParley } from './parley-process.ts';
import { poisonedTopic } from './unsafe-database.ts';

export interface PoisonOptions {
  readonly neighbours: number;
  readonly turnMs: number;
  readonly rounds: number;
  readonly limitMs: number;
  report?(line: string): void;
}

export interface PoisonResult {
  readonly seconds: number;
  /** Times the process ended, each by the poison itself. */
  readonly deaths: number;
  /** Of every effect that was set aside: ends of its process, and of these while it ran alone. */
  readonly setAside: readonly { readonly crashes: number; readonly alone: number }[];
  /** Debates of neighbours that ended with a verdict. */
  readonly verdicts: number;
  /** Ends that were laid at the door of a neighbour's effect. */
  readonly wronged: number;
  readonly unfinished: readonly string[];
  readonly violations: readonly Violation[];
}

const unsafe = fileURLToPath(new URL('./unsafe-main.ts', import.meta.url));

/** One debate whose turns end the process each time they run, beside many others, under a supervisor that starts it anew. */
export async function runPoisonCampaign(options: PoisonOptions): Promise<PoisonResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-poison-'));
  const began = performance.now();
  const ledger = createLedger();
  const topics = Array.from({ length: options.neighbours }, (_, n) => `Motion ${n}: is this worth ${n} hours?`);
  for (const topic of [...topics.slice(1), poisonedTopic, ...topics.slice(0, 1)]) {
    ledger.wish({ topic, maxRounds: options.rounds });
  }
  const env = { PARLEY_REHEARSAL_LATENCY_MS: String(options.turnMs), PARLEY_CONTROL: 'poison' };
  const start = () => startParley({ dataDir, env, script: unsafe });
  let deaths = 0;
  let unfinished: readonly string[] = [];
  try {
    let parley = await start();
    for (let isOver = false; !isOver; ) {
      let hasDied = false;
      const died = parley.exited.then(() => (hasDied = true));
      while (!hasDied && !isOver) {
        await Promise.all(ledger.unacknowledged().map((key) => ledger.ask(parley.url, key)));
        unfinished = await openDebates(parley.url, ledger.ids()).catch(() => ledger.ids());
        isOver =
          performance.now() - began > options.limitMs ||
          (unfinished.length === 0 && ledger.unacknowledged().length === 0);
        await Promise.race([died, new Promise((resolve) => setTimeout(resolve, 100))]);
      }
      if (isOver) break;
      deaths += 1;
      options.report?.(`death ${deaths}: ${unfinished.length} open`);
      parley = await start();
    }
    parley.kill('SIGTERM');
    await parley.exited;
    const db = await openEmbedded({ dataDir });
    const poisoned = `stream_id in (select stream_id from moderator.event where data::text like '%${poisonedTopic}%')`;
    const [poison] = await db.query<{ id: string }>(
      `select distinct stream_id as id from moderator.event where ${poisoned}`,
    );
    const charged = (
      await Promise.all(
        agentSchemas.map((schema) =>
          db.query<{ id: string; crashes: number; alone: number }>(
            `select stream_id as id, crashes, crashes_alone_ever as alone from ${schema}.effect where crashes_alone_ever > 0`,
          ),
        ),
      )
    ).flat();
    const isPoisoned = ({ id }: { id: string }) => poison !== undefined && id.startsWith(poison.id);
    const { verdicts } = await outcomesOf(db);
    const violations = await check(db, ledger.ids());
    await db.close();
    return {
      seconds: Math.round((performance.now() - began) / 1000),
      deaths,
      setAside: charged.filter(isPoisoned).map(({ crashes, alone }) => ({ crashes, alone })),
      verdicts,
      wronged: charged.filter((one) => !isPoisoned(one)).reduce((sum, { alone }) => sum + alone, 0),
      unfinished,
      violations,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
