import { messageOf } from '@parley/contracts';
import { readJson } from '@parley/contracts/bounded-body.ts';
import type { SlosView } from '@parley/contracts/http';
import type { Slo } from '@parley/slo';
import type { Registry } from 'prom-client';
import { z } from 'zod';

export type ReadStanding = () => Promise<SlosView>;

/** What is read of an answer of Prometheus: some 200 bytes for each objective and window. */
const answerBounds = { bytes: 4_000_000, ms: 3_000 } as const;
let objectives: readonly Slo[] | undefined;

/** Read when somebody asks: a laptop's start does without. */
async function loadSlo() {
  const slo = await import('@parley/slo');
  objectives ??= slo.readSloFolder();
  return { ...slo, objectives };
}

/** Most ratios of an answer: objectives times windows, with room for both. */
const mostRatios = 10_000;

const vector = z.object({
  data: z.object({
    result: z
      .array(
        z.object({
          metric: z.object({ sloth_id: z.string(), sloth_window: z.string() }),
          value: z.tuple([z.number(), z.string()]),
        }),
      )
      .max(mostRatios),
  }),
});

/** Status of the objectives by the recording rules of Prometheus. Never rejects: what it does not say is unknown. */
export function fromPrometheus(url: string): ReadStanding {
  return async () => {
    const { objectives, sloStatusOf } = await loadSlo();
    const errors = await errorRatios(url).catch((thrown) => reasonOf(url, thrown));
    const slos = objectives.map((slo) => {
      if (typeof errors === 'string') return sloStatusOf(slo, { unknown: errors });
      const { [`${slo.windowDays}d`]: whole, ...windows } = errors.get(slo.id) ?? {};
      const unknown = `Prometheus has no ratio of the last ${slo.windowDays} days: nothing happened, or its rules are not loaded.`;
      return sloStatusOf(slo, whole === undefined ? { unknown } : { whole, windows });
    });
    return { source: 'prometheus', slos };
  };
}

/** Error ratios by objective and window, from all recording rules of errors at once. */
async function errorRatios(url: string): Promise<Map<string, Record<string, number>>> {
  const query = new URL(`${url.replace(/\/$/, '')}/api/v1/query`);
  query.searchParams.set('query', '{__name__=~"slo:sli_error:ratio_rate.+"}');
  const response = await fetch(query, { signal: AbortSignal.timeout(answerBounds.ms) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`it answered ${response.status}`);
  }
  const { data } = vector.parse(await readJson(response.body, answerBounds));
  const found = new Map<string, Record<string, number>>();
  for (const { metric, value } of data.result) {
    const ratio = Number(value[1]);
    if (!Number.isFinite(ratio)) continue;
    found.set(metric.sloth_id, { ...found.get(metric.sloth_id), [metric.sloth_window]: ratio });
  }
  return found;
}

function reasonOf(url: string, thrown: unknown): string {
  if (thrown instanceof z.ZodError) return `What answers at PARLEY_PROMETHEUS_URL (${url}) is no Prometheus.`;
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  return `Prometheus at PARLEY_PROMETHEUS_URL (${url}) does not answer: ${messageOf(cause)}.`;
}

/** Status of the objectives by what this process has counted since it began. */
export function fromProcess(registry: Registry): ReadStanding {
  const since = new Date().toISOString();
  return async () => {
    const { countedEvents, errorRatio, objectives, sloStatusOf } = await loadSlo();
    const metrics = await registry.getMetricsAsJSON();
    const samples = metrics.flatMap(({ name, values }) =>
      values.map((one) => ({
        name: (one as { metricName?: string }).metricName ?? name,
        labels: Object.fromEntries(Object.entries(one.labels).map(([label, value]) => [label, String(value)])),
        value: one.value,
      })),
    );
    const counts = { metrics: metrics.map(({ name }) => name), samples };
    const slos = objectives.map((slo) => {
      const events = countedEvents(slo, counts);
      if ('unknown' in events) return sloStatusOf(slo, events);
      const whole = errorRatio(events);
      const unknown = 'Nothing of it has happened since this process began.';
      return sloStatusOf(slo, whole === undefined ? { unknown } : { whole, windows: {} });
    });
    return { source: 'process', since, slos };
  };
}
