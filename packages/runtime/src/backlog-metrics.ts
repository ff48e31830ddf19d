import type { Backlog } from '@parley/spine';
import { Counter, Gauge, type Registry } from 'prom-client';

type ReadBacklog = () => Promise<Backlog>;

/** A scrape asks the database at most this often, and waits for it no longer than that. */
const limits = { cacheMs: 5_000, patienceMs: 1_000 } as const;

const described = {
  parley_inbox_backlog: ['Inputs that lie undecided in the inbox.', (of) => of.inputs],
  parley_inbox_oldest_age_seconds: ['Age of the oldest undecided input.', (of) => of.oldestInputSeconds],
  parley_effect_backlog: ['Effects that are due and that no worker has.', (of) => of.effects],
  parley_effect_oldest_age_seconds: ['How long the oldest of them is due.', (of) => of.oldestEffectSeconds],
  parley_outbox_rows: ['Rows of the outbox: messages of one commit for one topic.', (of) => of.outbox],
  parley_outbox_oldest_age_seconds: ['Age of the oldest row.', (of) => of.oldestOutboxSeconds],
  parley_parked_streams: ['Streams that are set aside now.', (of) => of.parkedStreams],
} as const satisfies Record<string, readonly [help: string, value: (of: Backlog) => number | undefined]>;

const known = new WeakMap<Registry, ReturnType<typeof createBacklogMetrics>>();

/**
 * Shows what waits in a service's tables, read when it is asked for. When the database does not answer in time the
 * series are absent and the failure is counted: the scrape goes on.
 */
export function measureBacklog(registry: Registry, service: string, read: ReadBacklog): void {
  let metrics = known.get(registry);
  if (metrics === undefined) {
    metrics = createBacklogMetrics(registry);
    known.set(registry, metrics);
  }
  metrics.add(service, read);
}

function createBacklogMetrics(registry: Registry) {
  const registers = [registry];
  const sources = new Map<string, ReadBacklog>();
  /** Services whose last reading has not come back. */
  const busy = new Set<string>();
  let reading: Promise<unknown> = Promise.resolve();
  let readAt = Number.NEGATIVE_INFINITY;

  const failures = new Counter({
    name: 'parley_backlog_read_failures_total',
    help: 'Readings of the backlog that the database did not answer in time.',
    labelNames: ['service'] as const,
    registers,
    collect: fresh,
  });
  const gauges = Object.entries(described).map(([name, [help, value]]) => {
    const gauge = new Gauge({ name, help, labelNames: ['service'] as const, registers, collect: fresh });
    return { gauge, value };
  });

  async function fresh(): Promise<void> {
    const now = performance.now();
    if (now - readAt >= limits.cacheMs) {
      readAt = now;
      reading = Promise.all([...sources].map(([service, read]) => refresh(service, read)));
    }
    await reading;
  }

  async function refresh(service: string, read: ReadBacklog): Promise<void> {
    const backlog = busy.has(service) ? undefined : await inTime(service, read);
    if (backlog === undefined) failures.inc({ service });
    for (const { gauge, value } of gauges) {
      if (backlog === undefined) gauge.remove({ service });
      else gauge.set({ service }, value(backlog) ?? 0);
    }
  }

  /** Never rejects. */
  async function inTime(service: string, read: ReadBacklog): Promise<Backlog | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), limits.patienceMs);
    busy.add(service);
    const answer = (async () => read())()
      .catch(() => undefined)
      .finally(() => busy.delete(service));
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  return {
    add(service: string, read: ReadBacklog): void {
      sources.set(service, read);
      failures.inc({ service }, 0);
    },
  };
}
