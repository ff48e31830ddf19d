import { exact } from './burn-rate.ts';
import type { Slo } from './slo.ts';

/** What happened in some window. */
export interface Events {
  readonly bad: number;
  readonly total: number;
}

const daySeconds = 86_400;

/** Share of bad events that the objective allows. */
export function budgetRatio({ objective }: Pick<Slo, 'objective'>): number {
  return exact(1 - objective);
}

/** Share of bad events; undefined where nothing happened. */
export function errorRatio({ bad, total }: Events): number | undefined {
  return total > 0 ? bad / total : undefined;
}

/** Factor by which the budget is spent faster than allowed at this share of bad events. */
export function burnRate(slo: Pick<Slo, 'objective'>, error: number): number {
  return exact(error / budgetRatio(slo));
}

/** Share of the budget that is left after the whole window had this share of bad events; below 0 it is overspent. */
export function budgetLeft(slo: Pick<Slo, 'objective'>, error: number): number {
  return exact(1 - burnRate(slo, error));
}

/** Seconds until nothing is left at this burn rate: 0 when nothing is, undefined when it is not being spent. */
export function secondsToExhaustion(
  { windowDays }: Pick<Slo, 'windowDays'>,
  left: number,
  burning: number,
): number | undefined {
  if (left <= 0) return 0;
  return burning > 0 ? (left / burning) * windowDays * daySeconds : undefined;
}
