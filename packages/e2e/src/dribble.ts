import { type DebateView, verdictReserveSeconds } from '@parley/contracts/debate';
import { createApi } from './api.ts';
import type { Violation } from './checker.ts';
import { openModelStandIn } from './model-stand-in.ts';
import { checkAtRest, onlyModel } from './outage.ts';
import { inOneProcess } from './outage-product.ts';

export interface DribbleOptions {
  readonly debates: number;
  readonly deadlineSeconds: number;
}

export interface DribbleResult extends DribbleOptions {
  /** When a debate is over at the latest: its deadline and the reserve for a verdict, in seconds after it was asked for. */
  readonly mostSeconds: number;
  /** Debates whose judge was asked and gave no verdict. */
  readonly unjudged: number;
  /** How long the first and the last of the debates took by the product's own times, in seconds. */
  readonly tookSeconds: readonly [least: number, most: number];
  readonly violations: readonly Violation[];
}

/** Debates of one round whose only judge begins to answer at once and never ends. */
export async function runDribble({ debates, deadlineSeconds }: DribbleOptions): Promise<DribbleResult> {
  const standIn = await openModelStandIn();
  standIn.dribbleAt('verdict');
  const product = await inOneProcess(onlyModel(standIn));
  try {
    const api = createApi(product.url());
    const mostSeconds = deadlineSeconds + verdictReserveSeconds(deadlineSeconds);
    const wish = { maxRounds: 1, minRounds: 1, deadlineSeconds, checks: { embedding: false } };
    const ids: string[] = [];
    for (let n = 0; n < debates; n++) ids.push(await api.start({ topic: `Motion ${n}`, ...wish }));
    const views: DebateView[] = [];
    for (const id of ids) views.push(await api.untilClosed(id, (mostSeconds + 60) * 1000));
    const took = views.map(({ createdAt, closedAt }) => (Date.parse(closedAt ?? '') - Date.parse(createdAt)) / 1000);
    const isUnjudged = ({ turns, verdict }: DebateView) => turns.length === 2 && verdict?.outcome === 'unavailable';
    return {
      debates,
      deadlineSeconds,
      mostSeconds,
      unjudged: views.filter(isUnjudged).length,
      tookSeconds: [Math.min(...took), Math.max(...took)],
      violations: await checkAtRest(await product.tables(), ids),
    };
  } finally {
    await product.close();
    await standIn.close();
  }
}

/** What a timer that is due, and the turn of the event loop behind it, may take on two busy cores. */
const slackSeconds = 2;

/** Whether the debates were judged in vain for all of their time, and no longer. */
export function isInTime({ debates, unjudged, tookSeconds, mostSeconds, violations }: DribbleResult): boolean {
  return unjudged === debates && tookSeconds[1] <= mostSeconds + slackSeconds && violations.length === 0;
}
