export type Severity = 'page' | 'ticket';

/** An alert's half: the budget burns `factor` times too fast in both windows. */
export interface BurnRate {
  readonly severity: Severity;
  readonly short: string;
  readonly long: string;
  /** 1 spends the budget exactly within the SLO's window. */
  readonly factor: number;
  /** Share of bad events from which both windows count. */
  readonly threshold: number;
}

/**
 * Windows, and the share of the budget that may be gone in the long one.
 * Source: The Site Reliability Workbook (Beyer et al. 2018), chapter 5, table 5-8.
 */
const windows = [
  { severity: 'page', short: '5m', long: '1h', longHours: 1, share: 0.02 },
  { severity: 'page', short: '30m', long: '6h', longHours: 6, share: 0.05 },
  { severity: 'ticket', short: '2h', long: '1d', longHours: 24, share: 0.1 },
  { severity: 'ticket', short: '6h', long: '3d', longHours: 72, share: 0.1 },
] as const;

/** Every window that a burn rate looks at, shortest first. */
export const burnWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

/**
 * The workbook's factors for the objective, or the four that are given.
 * @throws RangeError: a factor that no share of bad events reaches, so that its alert could never fire.
 */
export function burnRatesOf(objective: number, windowDays: number, factors?: readonly number[]): BurnRate[] {
  return windows.map(({ severity, short, long, longHours, share }, index) => {
    const factor = exact(factors?.[index] ?? (share * windowDays * 24) / longHours);
    const threshold = exact(factor * (1 - objective));
    if (threshold >= 1) {
      const most = exact(0.8 / (1 - objective));
      throw new RangeError(
        `metadata.annotations.burn-rates: ${factor} at ${objective} would need ${threshold} of all events to be bad; ` +
          `give four factors below ${most}`,
      );
    }
    return { severity, short, long, factor, threshold };
  });
}

/** Twelve digits, so that 1 - 0.999 reads 0.001. */
export function exact(value: number): number {
  return Number(value.toPrecision(12));
}
