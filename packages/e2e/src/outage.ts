import { setTimeout as wait } from 'node:timers/promises';
import type { DebateView, ReplayView } from '@parley/contracts/debate';
import type { Database } from '@parley/spine';
import { check, type Violation } from './checker.ts';
import { createLedger, type DebateWish, untilClosed } from './ledger.ts';
import { type ModelCall, modelCalls, openModelStandIn, type StandIn } from './model-stand-in.ts';
import { inOneProcess, type OpenProduct, type Product } from './outage-product.ts';

/** The calls at which the model can go away; a replay is judged as a debate is, when that is over. */
export type OutageAt = ModelCall | 'replay';
export const outageCalls: readonly OutageAt[] = [...modelCalls, 'replay'];

export interface OutageOptions {
  readonly at: OutageAt;
  readonly debates: number;
  readonly downMs: number;
  /** For how long before it is back it answers that it is busy. */
  readonly busyMs?: number;
  /** Rounds of a debate; three where it does not matter. */
  readonly rounds?: number;
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
  /** From the return of the server until the last debate or replay was over. */
  readonly recoverySeconds: number;
  readonly seconds: number;
  readonly violations: readonly Violation[];
}

const deadlineSeconds = 600;
/** Hung for good is a failure, slow is none. */
const endMs = 120_000;
const restMs = 15_000;
/** From when on only probes should come: by then every breaker has opened. */
const settledMs = 5_000;

const noChecks = { embedding: false };
const wishes: Readonly<Partial<Record<OutageAt, Partial<DebateWish>>>> = {
  assessment: { checks: { ...noChecks, topic: true } },
  embedding: { checks: { embedding: true } },
  // Notes are made when rounds leave the memory of eight.
  summary: { maxRounds: 11, minRounds: 11 },
};

/** Debates whose only model server goes away at one kind of call. */
export async function runOutage(options: OutageOptions, open: OpenProduct = inOneProcess): Promise<OutageResult> {
  const [result] = await runOutages([options], open);
  return result as OutageResult;
}

/** One outage after the other of one product; several only where its tables can be read while it runs. */
export async function runOutages(all: readonly OutageOptions[], open: OpenProduct): Promise<OutageResult[]> {
  const standIn = await openModelStandIn();
  const product = await open(onlyModel(standIn));
  try {
    const results: OutageResult[] = [];
    const asked: string[] = [];
    for (const options of all) results.push(await endure(product, standIn, options, asked));
    return results;
  } finally {
    await product.close();
    await standIn.close();
  }
}

/** @param asked ids of all debates of this product so far, which this one adds to: the checker knows no others. */
async function endure(
  product: Product,
  standIn: StandIn,
  options: OutageOptions,
  asked: string[],
): Promise<OutageResult> {
  const { at, debates, downMs, busyMs = 0, rounds = 3 } = options;
  const began = performance.now();
  const ledger = createLedger();
  standIn.concede(at === 'concession');
  const fails = at === 'replay' ? undefined : standIn.failAt(at, downMs, busyMs);
  for (let n = 0; n < debates; n++) {
    const wish = { topic: `Motion ${n}`, maxRounds: rounds, minRounds: rounds, stopWhenRedundant: false };
    await ledger.ask(product.url(), ledger.wish({ ...wish, deadlineSeconds, checks: noChecks, ...wishes[at] }));
  }
  let replays: string[] = [];
  let outage = await fails;
  if (outage === undefined) {
    await untilClosed(product.url(), ledger.ids(), endMs);
    const replayFails = standIn.failAt('verdict', downMs, busyMs);
    replays = await Promise.all(ledger.ids().map((id) => replay(product.url(), id)));
    outage = await replayFails;
  }
  const downAt = performance.now();
  if (options.isRestarted === true) {
    await wait(downMs / 2);
    await product.crash();
  }
  await outage.over;
  const backAt = performance.now();
  const unfinished = await untilClosed(product.url(), ledger.ids(), endMs);
  if (unfinished.length > 0) throw new Error(`${unfinished.length} debates are open after ${endMs} ms.`);
  const verdicts =
    at === 'replay'
      ? await replayVerdicts(product.url(), ledger.ids(), replays)
      : await debateVerdicts(product.url(), ledger.ids());
  const recoverySeconds = seconds(backAt);
  const db = await product.tables();
  asked.push(...ledger.ids());
  const violations = await checkAtRest(db, asked);
  const [told] = await db.query<{ n: number }>(
    `select count(*)::int as n from moderator.event
      where type in ('model-waiting.v1', 'replay-waiting.v1') and stream_id = any($1)`,
    [[...ledger.ids(), ...replays]],
  );
  return {
    at,
    debates,
    verdicts,
    told: told?.n ?? 0,
    mostProbesASecond: mostASecond(standIn, downAt + settledMs),
    recoverySeconds,
    seconds: seconds(began),
    violations,
  };
}

/** What is still on its way when the last debate is over is no violation for the first seconds. */
export async function checkAtRest(db: Database, ids: readonly string[]): Promise<Violation[]> {
  const end = performance.now() + restMs;
  for (;;) {
    const violations = await check(db, ids);
    if (violations.length === 0 || performance.now() > end) return violations;
    await wait(500);
  }
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 1000);

async function debateVerdicts(url: string, ids: readonly string[]): Promise<number> {
  const views = await Promise.all(ids.map((id) => get<DebateView>(`${url}/v1/debates/${id}`)));
  return views.filter(({ status, verdict }) => status === 'closed' && verdict?.outcome !== 'unavailable').length;
}

async function replayVerdicts(url: string, debates: readonly string[], replays: readonly string[]): Promise<number> {
  const end = performance.now() + endMs;
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

/** Settings of a product that has no other model. */
export function onlyModel({ url }: StandIn): Readonly<Record<string, string>> {
  return {
    PARLEY_MODEL: 'openai/plain',
    OPENAI_BASE_URL: url,
    OLLAMA_HOST: 'http://127.0.0.1:1',
    PARLEY_EMBED_MODEL: 'openai/embed',
    PARLEY_REDUNDANCY_COSINE: '0.95',
  };
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
