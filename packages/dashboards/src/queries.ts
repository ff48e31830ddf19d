import type { Query } from './board.ts';

/** Grafana's window, long enough for a rate. */
export const rate = '[$__rate_interval]';
/** What users ask: the API and the protocols. */
export const faces = 'route=~"/(v1|a2a|ag-ui|agent|mcp)(/.*)?"';
export const notKafka = 'there is no Kafka, as under npm start';

/** Quantiles of a histogram, by a label. */
export function quantiles(
  bucket: string,
  selector: string,
  by: string,
  shares: readonly number[] = [0.5, 0.95, 0.99],
): Query[] {
  return shares.map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le, ${by}) (rate(${bucket}_bucket${selector}${rate})))`,
    name: `{{${by}}} p${share * 100}`,
  }));
}

export function ofService(metric: string): Query {
  return { expr: `max by (service) (${metric})`, name: '{{service}}' };
}

export function rateBy(metric: string, by: string): Query {
  return {
    expr: `sum by (${by}) (rate(${metric}${rate}))`,
    name: by
      .split(', ')
      .map((label) => `{{${label}}}`)
      .join(' '),
  };
}
