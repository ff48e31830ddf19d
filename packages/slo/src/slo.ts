import { type BurnRate, burnRatesOf } from './burn-rate.ts';
import type { OpenSlo } from './open-slo.ts';
import { runbookOf } from './runbook.ts';

/** One objective. The queries are PromQL with `{{.window}}` where the range goes. */
export interface Slo {
  /** `service-name`, unique. */
  readonly id: string;
  readonly service: string;
  /** What is promised, without the service: "availability". */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Share of good events, 0..1. */
  readonly objective: number;
  readonly windowDays: number;
  readonly indicator: Indicator;
  readonly burnRates: readonly BurnRate[];
  /** Series that move when something good, or something bad, happens. */
  readonly examples: { readonly good: readonly Example[]; readonly bad: readonly Example[] };
  /** A gauge that is 0 where this is not measured on purpose, so that silence is no fault. */
  readonly switchedBy: string | undefined;
  /** The alert on its budget. */
  readonly alert: string;
  /** Path of the alert's page in the repository. */
  readonly runbook: string;
}

/** A series; of a gauge with the value it has in such a moment, or without one where it is the time of the last success. */
export interface Example {
  readonly series: string;
  readonly value?: number;
}

export interface Indicator {
  readonly counts: 'good' | 'bad';
  readonly query: string;
  readonly total: string;
  /** False where the queries read a gauge over time, so that an event is a moment. */
  readonly isCounter: boolean;
}

/** @throws RangeError: a name or a burn rate that cannot be; begins with the field. */
export function sloOf({ metadata, spec }: OpenSlo): Slo {
  const { name: id, annotations } = metadata;
  const { service } = spec;
  if (!id.startsWith(`${service}-`)) throw new RangeError(`metadata.name: "${id}" does not begin with "${service}-"`);
  if (spec.indicator.metadata.name !== id) throw new RangeError(`spec.indicator.metadata.name: expected "${id}"`);
  const name = id.slice(service.length + 1);
  const { good, bad, total, counter } = spec.indicator.spec.ratioMetric;
  const objective = spec.objectives[0].target;
  const windowDays = Number.parseInt(spec.timeWindow[0].duration, 10);
  const alert = `${pascal(name)}BudgetBurn`;
  return {
    id,
    service,
    name,
    title: metadata.displayName,
    description: spec.description,
    objective,
    windowDays,
    indicator: {
      counts: good === undefined ? 'bad' : 'good',
      query: (good ?? bad)?.metricSource.spec.query ?? '',
      total: total.metricSource.spec.query,
      isCounter: counter,
    },
    burnRates: burnRatesOf(objective, windowDays, annotations['burn-rates']?.split(',').map(Number)),
    examples: { good: examplesOf(annotations['example-good']), bad: examplesOf(annotations['example-bad']) },
    switchedBy: annotations['switched-by'],
    alert,
    runbook: runbookOf(alert),
  };
}

/** Rate or share of everything that counts. */
export function totalQuery({ indicator }: Slo, window: string): string {
  return `(${at(indicator.total, window)})`;
}

/** Rate or share of what went wrong. A series that is born with its first event is zero before. */
export function badQuery(slo: Slo, window: string): string {
  const { counts } = slo.indicator;
  return counts === 'bad' ? counted(slo, window) : `${totalQuery(slo, window)} - ${counted(slo, window)}`;
}

/** Share of bad events; no sample where nothing happened. */
export function errorQuery(slo: Slo, window: string): string {
  const ratio = `${counted(slo, window)} / (${totalQuery(slo, window)} > 0)`;
  return slo.indicator.counts === 'bad' ? ratio : `1 - ${ratio}`;
}

function counted({ indicator }: Slo, window: string): string {
  return `(${at(indicator.query, window)} or vector(0))`;
}

function at(query: string, window: string): string {
  return query.trim().replaceAll('{{.window}}', window);
}

/** A line each: `name{labels}`, or `name{labels} value`. */
function examplesOf(text: string): Example[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [, series = '', value] = /^\s*(.*?)(?:\s+(\d+))?\s*$/.exec(line) ?? [];
    return value === undefined ? { series } : { series, value: Number(value) };
  });
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
