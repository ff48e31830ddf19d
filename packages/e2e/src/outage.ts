import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DebateView, ReplayView } from '@parley/contracts';
import { openEmbedded } from '@parley/spine';
import { check, type Violation } from './checker.ts';
import { createLedger, type DebateWish, untilClosed } from './ledger.ts';
import { type ModelCall, openModelStandIn, type StandIn } from './model-stand-in.ts';
import { startParley } from './parley-process.ts';

/** The calls at which the model can go away; a replay is judged as a debate is, when that is over. */
export type OutageAt = ModelCall | 'replay';

export interface OutageOptions {
  readonly at: OutageAt;
  readonly debates: number;
  readonly downMs: number;
  /** For how long before it is back it answers that it is busy. */
  readonly busyMs?: number;
  /** The product dies by SIGKILL in the middle of the outage and is started again. */
  readonly isRestarted?: boolean;
}

export interface OutageResult {
  readonly at: OutageAt;
  readonly debates: number;
  /** How many debates, or replays, ended with a verdict. */
  readonly verdicts: number;
  /** Outages that the debates' logs tell of. */
  readonly told: number;
  /** Most requests in any second in which the server answered that it was busy, after the first five of them. */
  readonly mostProbesASecond: number;
  readonly seconds: number;
  readonly violations: readonly Violation[];
}

const deadlineSeconds = 600;
/** From when on only probes should come: by then every breaker has opened. */
const settledMs = 5_000;

const wishes: Readonly<Partial<Record<OutageAt, Partial<DebateWish>>>> = {
  assessment: { checks: { topic: true } },
  embedding: { checks: { embedding: true } },
  // Notes are made when rounds leave the memory of eight.
  summary: { maxRounds: 11, minRounds: 11 },
};

/** Debates whose only model server goes away at one kind of call, in one process on real files. */
export async function runOutage(options: OutageOptions): Promise<OutageResult> {
  const { at, debates, downMs, busyMs = 0 } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-outage-'));
  const began = performance.now();
  const standIn = await openModelStandIn({ concedes: at === 'concession' });
  const env = {
    PARLEY_MODEL: 'openai/plain',
    OPENAI_BASE_URL: standIn.url,
    OLLAMA_HOST: 'http://127.0.0.1:1',
    PARLEY_EMBED_MODEL: at === 'embedding' ? 'openai/embed' : 'none',
    PARLEY_REDUNDANCY_COSINE: '0.95',
  };
  const ledger = createLedger();
  const start = () => startParley({ dataDir, env });
  let parley = await start();
  try {
    const fails = at === 'replay' ? undefined : standIn.failAt(at, downMs, busyMs);
    for (let n = 0; n < debates; n++) {
      const wish = { topic: `Motion ${n}`, maxRounds: 3, minRounds: 3, stopWhenRedundant: false, deadlineSeconds };
      await ledger.ask(parley.url, ledger.wish({ ...wish, ...wishes[at] }));
    }
    let replays: string[] = [];
    let outage = await fails;
    if (outage === undefined) {
      await untilClosed(parley.url, ledger.ids(), 60_000);
      const replayFails = standIn.failAt('verdict', downMs, busyMs);
      replays = await Promise.all(ledger.ids().map((id) => replay(parley.url, id)));
      outage = await replayFails;
    }
    const downAt = performance.now();
    if (options.isRestarted === true) {
      await wait(downMs / 2);
      parley.kill('SIGKILL');
      await parley.exited;
      parley = await start();
    }
    await outage.over;
    const limitMs = 120_000;
    const unfinished = await untilClosed(parley.url, ledger.ids(), limitMs);
    if (unfinished.length > 0) throw new Error(`${unfinished.length} debates are open after ${limitMs} ms.`);
    const verdicts =
      at === 'replay'
        ? await replayVerdicts(parley.url, ledger.ids(), replays, limitMs)
        : await debateVerdicts(parley.url, ledger.ids());
    parley.kill('SIGTERM');
    await parley.exited;
    const db = await openEmbedded({ dataDir });
    const violations = await check(db, ledger.ids());
    const [told] = await db.query<{ n: number }>(
      `select count(*)::int as n from moderator.event where type in ('model-waiting.v1', 'replay-waiting.v1')`,
    );
    await db.close();
    return {
      at,
      debates,
      verdicts,
      told: told?.n ?? 0,
      mostProbesASecond: mostASecond(standIn, downAt + settledMs),
      seconds: Math.round((performance.now() - began) / 1000),
      violations,
    };
  } finally {
    parley.kill('SIGKILL');
    await standIn.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function debateVerdicts(url: string, ids: readonly string[]): Promise<number> {
  const views = await Promise.all(ids.map((id) => get<DebateView>(`${url}/v1/debates/${id}`)));
  return views.filter(({ status, verdict }) => status === 'closed' && verdict?.outcome !== 'unavailable').length;
}

async function replayVerdicts(url: string, debates: readonly string[], replays: readonly string[], limitMs: number) {
  const end = performance.now() + limitMs;
  for (;;) {
    const views = await Promise.all(
      replays.map((id, i) => get<ReplayView>(`${url}/v1/debates/${debates[i]}/replays/${id}`)),
    );
    const isOver = views.every(({ finishedAt }) => finishedAt !== null);
    if (isOver || performance.now() > end) {
      const outcomes = views.map(({ result }) => result?.replay.verdict?.outcome ?? 'unavailable');
      return outcomes.filter((outcome) => outcome !== 'unavailable').length;
    }
    await wait(100);
  }
}

async function replay(url: string, debate: string): Promise<string> {
  const response = await fetch(`${url}/v1/debates/${debate}/replays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ stop: { maxRounds: 2 } }),
  });
  return ((await response.json()) as ReplayView).id;
}

async function get<T>(url: string): Promise<T> {
  return (await (await fetch(url, { signal: AbortSignal.timeout(10_000) })).json()) as T;
}

function mostASecond({ requests }: StandIn, from: number): number {
  const times = requests.filter(({ at, isBusy }) => isBusy && at >= from).map(({ at }) => at);
  return Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 1_000).length));
}
