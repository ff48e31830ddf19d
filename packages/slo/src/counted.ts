import type { Events } from './budget.ts';
import type { Slo } from './slo.ts';

/** What a process has counted. */
export interface Counts {
  /** Every metric that it measures, also those without a series yet. */
  readonly metrics: readonly string[];
  readonly samples: readonly Sample[];
}

/** One sample of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `sum(rate(NAME{MATCHERS}[{{.window}}]))`, and what stands in where that has no series yet. */
const summed = /^sum\(rate\(([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?\[\{\{\.window\}\}\]\)\)\s*(?:or\s[\s\S]*)?$/;
const matcher = /\s*(\w+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;

/**
 * Events of an objective since counting began, from one process's own counters: the sums that its queries take rates of.
 * A series that was not born is zero; a query of another form, such as of a gauge over time, cannot be counted so.
 */
export function countedEvents(slo: Slo, counts: Counts): Events | { readonly unknown: string } {
  const { indicator } = slo;
  const [of, all] = [sumOf(indicator.query, counts), sumOf(indicator.total, counts)];
  if (of === undefined || all === undefined || !indicator.isCounter) {
    return { unknown: 'It is measured over time, which needs Prometheus: set PARLEY_PROMETHEUS_URL.' };
  }
  if (!all.isKnown) return { unknown: 'This process does not count it; Prometheus does: set PARLEY_PROMETHEUS_URL.' };
  return { bad: indicator.counts === 'bad' ? of.sum : all.sum - of.sum, total: all.sum };
}

/** `isKnown`: the process measures it; where a service is named, for that service. */
function sumOf(query: string, { metrics, samples }: Counts): { sum: number; isKnown: boolean } | undefined {
  const [, name, text = ''] = summed.exec(query.trim()) ?? [];
  if (name === undefined) return undefined;
  const matches = matchersOf(text);
  if (matches === undefined) return undefined;
  const named = samples.filter((sample) => sample.name === name);
  const found = named.filter(({ labels }) => matches.every((one) => one.holds(labels)));
  const owner = matches.filter(({ label }) => label === 'service');
  const isKnown =
    owner.length === 0
      ? metrics.includes(name.replace(/_(?:bucket|count|sum)$/, '')) || metrics.includes(name)
      : named.some(({ labels }) => owner.every((one) => one.holds(labels)));
  return { sum: found.reduce((sum, { value }) => sum + value, 0), isKnown };
}

interface Matcher {
  readonly label: string;
  holds(labels: Sample['labels']): boolean;
}

/** Matchers as PromQL has them: a missing label is empty, a pattern is of the whole value. */
function matchersOf(text: string): Matcher[] | undefined {
  const found: Matcher[] = [];
  matcher.lastIndex = 0;
  while (matcher.lastIndex < text.length) {
    const [, label = '', operator, quoted = ''] = matcher.exec(text) ?? [];
    if (operator === undefined) return undefined;
    const value = quoted.replaceAll(/\\(.)/g, '$1');
    const pattern = new RegExp(`^(?:${operator.endsWith('~') ? value : ''})$`);
    const is = (of: string): boolean => (operator.endsWith('~') ? pattern.test(of) : of === value);
    found.push({ label, holds: (labels) => is(labels[label] ?? '') !== operator.startsWith('!') });
  }
  return found;
}
