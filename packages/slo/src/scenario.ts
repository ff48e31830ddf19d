import type { Slo } from './slo.ts';

/** Minutes with a share of bad events; `silent` ones have no samples at all. */
export interface Phase {
  readonly minutes: number;
  readonly bad?: number;
  readonly silent?: boolean;
}

export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** Such that a twentieth of a thousandth of them is a whole number. */
const eventsPerMinute = 60_000;

/**
 * The series of an objective's examples through the phases, a sample each minute, in promtool's notation.
 * Source: Prometheus documentation, "Unit testing for rules", series notation.
 */
export function inputSeries(slo: Slo, phases: readonly Phase[]): InputSeries[] {
  if (!slo.indicator.isCounter) {
    return slo.examples.good.map((series) => ({ series, values: lastSuccess(phases) }));
  }
  const { good, bad } = slo.examples;
  return [...new Set([...good, ...bad])].map((series) => {
    const share = (ratio: number) => (good.includes(series) ? 1 - ratio : 0) + (bad.includes(series) ? ratio : 0);
    return { series, values: counter(phases, share) };
  });
}

function counter(phases: readonly Phase[], share: (bad: number) => number): string {
  let value = 0;
  let isBorn = false;
  return phases
    .map(({ minutes, bad = 0, silent = false }) => {
      const step = Math.round(eventsPerMinute * share(bad));
      isBorn ||= step > 0;
      // A series is born with its first event.
      if (silent || !isBorn) return `_x${minutes}`;
      const from = value + step;
      value += step * minutes;
      return `${from}+${step}x${minutes - 1}`;
    })
    .join(' ');
}

/** Minutes after a success that still count as good, and how often it comes back. */
const freshMinutes = 16;
const cycleMinutes = 50;

/** A gauge with the time of the last success: it follows the clock, except where moments are to be bad. */
function lastSuccess(phases: readonly Phase[]): string {
  let minute = 0;
  const parts: string[] = [];
  const follow = (minutes: number) => {
    if (minutes > 0) parts.push(`${minute * 60}+60x${minutes - 1}`);
    minute += minutes;
  };
  const stand = (minutes: number) => {
    parts.push(`${minute * 60}+0x${minutes - 1}`);
    minute += minutes;
  };
  for (const { minutes, bad = 0, silent = false } of phases) {
    if (silent) {
      parts.push(`_x${minutes}`);
      minute += minutes;
    } else if (bad === 1) stand(minutes);
    else if (bad === 0) follow(minutes);
    else {
      for (const end = minute + minutes; minute < end; ) {
        const standing = Math.min(end - minute, freshMinutes + Math.ceil(bad * cycleMinutes));
        stand(standing);
        follow(Math.min(end - minute, cycleMinutes - standing));
      }
    }
  }
  return parts.join(' ');
}
