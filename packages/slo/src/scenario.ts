import type { Example, Slo } from './slo.ts';

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

/** Number of events a minute of which a twentieth of a thousandth is a whole number. */
const eventsPerMinute = 60_000;

/**
 * The series of an objective's examples through the phases, a sample each minute, in promtool's notation.
 * Source: Prometheus documentation, "Unit testing for rules", series notation.
 */
export function inputSeries(slo: Slo, phases: readonly Phase[]): InputSeries[] {
  const { good, bad } = slo.examples;
  const has = (examples: readonly Example[], series: string) => examples.some((each) => each.series === series);
  const names = [...new Set([...good, ...bad].map(({ series }) => series))];
  if (!slo.indicator.isCounter) {
    const level = (examples: readonly Example[], of: string) => examples.find(({ series }) => series === of)?.value;
    return names.map((series) => {
      const levels = [level(good, series), level(bad, series)] as const;
      return { series, values: levels[0] === undefined ? lastSuccess(phases) : gauge(phases, levels) };
    });
  }
  return names.map((series) => {
    const share = (ratio: number) => (has(good, series) ? 1 - ratio : 0) + (has(bad, series) ? ratio : 0);
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

/** A gauge that stands at one level in good moments and at another in bad ones. */
function gauge(phases: readonly Phase[], [good = 0, bad = good]: readonly [number | undefined, number | undefined]) {
  return moments(phases, 0)
    .map(({ minutes, is }) => (is === 'silent' ? `_x${minutes}` : `${is === 'bad' ? bad : good}+0x${minutes - 1}`))
    .join(' ');
}

/** Minutes after a success that still count as good. */
const freshMinutes = 16;

/** A gauge with the time of the last success: it follows the clock, except where moments are to be bad. */
function lastSuccess(phases: readonly Phase[]): string {
  let minute = 0;
  return moments(phases, freshMinutes)
    .map(({ minutes, is }) => {
      const from = minute * 60;
      minute += minutes;
      return is === 'silent' ? `_x${minutes}` : `${from}+${is === 'bad' ? 0 : 60}x${minutes - 1}`;
    })
    .join(' ');
}

interface Moments {
  readonly minutes: number;
  readonly is: 'good' | 'bad' | 'silent';
}

/** Minutes after which bad moments come back. */
const cycleMinutes = 50;

/** The phases as moments, each wholly good or bad; `leadMinutes` are how long a cause takes to make one bad. */
function moments(phases: readonly Phase[], leadMinutes: number): Moments[] {
  const all: Moments[] = [];
  for (const { minutes, bad = 0, silent = false } of phases) {
    if (silent || bad === 0 || bad === 1) {
      all.push({ minutes, is: silent ? 'silent' : bad === 1 ? 'bad' : 'good' });
      continue;
    }
    for (let left = minutes; left > 0; ) {
      const standing = Math.min(left, leadMinutes + Math.ceil(bad * cycleMinutes));
      const moving = Math.min(left - standing, cycleMinutes - standing);
      all.push({ minutes: standing, is: 'bad' });
      if (moving > 0) all.push({ minutes: moving, is: 'good' });
      left -= standing + moving;
    }
  }
  return all;
}
