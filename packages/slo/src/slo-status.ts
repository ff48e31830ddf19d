import type { SloView } from '@parley/contracts/http';
import { budgetLeft, burnRate } from './budget.ts';
import { type BurnRate, burnWindows, exact } from './burn-rate.ts';
import type { Slo } from './slo.ts';

/** What is known of an objective. */
export interface Measured {
  /** Share of bad events over all of its days, or as long as there was anything to count. */
  readonly whole: number;
  /** The same over the windows of burn rates, as far as there were events. */
  readonly windows: Readonly<Record<string, number>>;
}

/** State of an objective, or that nothing is known and why. */
export function sloStatusOf(slo: Slo, measured: Measured | { readonly unknown: string }): SloView {
  const { id, service, title, description, objective, windowDays, runbook } = slo;
  const about = { id, service, title, description, objective, windowDays, runbook };
  if ('unknown' in measured) {
    return { ...about, sli: null, budgetLeft: null, burnRates: [], status: 'unknown', reason: measured.unknown };
  }
  const { whole, windows } = measured;
  const left = budgetLeft(slo, whole);
  const burnRates = burnWindows.flatMap((window) => {
    const error = windows[window];
    return error === undefined ? [] : [{ window, rate: burnRate(slo, error) }];
  });
  const isOver = ({ short, long, threshold }: BurnRate): boolean =>
    [short, long].every((window) => (windows[window] ?? 0) > threshold);
  const status = left <= 0 ? 'exhausted' : slo.burnRates.some(isOver) ? 'burning' : 'ok';
  return { ...about, sli: exact(1 - whole), budgetLeft: left, burnRates, status };
}
