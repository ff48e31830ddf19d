import type { Backlog } from '@parley/spine';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type ReadBacklog, withTimeout } from './backlog-timeout.ts';

/** A scrape asks the database at most this often. */
const cacheMs = 5_000;

const described = {
  parley_inbox_backlog: ['Inputs that lie undecided in the inbox.', (of) => of.inputs],
  parley_inbox_oldest_age_seconds: ['Age of the oldest undecided input.', (of) => of.oldestInputSeconds],
  parley_effect_backlog: ['Effects that are due and that no worker has.', (of) => of.effects],
  parley_effect_oldest_age_seconds: ['How long the oldest of them is due.', (of) => of.oldestEffectSeconds],
  parley_effect_suspects: [
    'Effects whose process ended at least twice while they were in flight; each runs alone in its process.',
    (of) => of.suspects,
  ],
  parley_waiting_streams: ['Streams that wait for a model that is away or busy.', (of) => of.waitingStreams],
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
  const sources = new Map<string, ReturnType<typeof withTimeout>>();
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
    if (now - readAt >= cacheMs) {
      readAt = now;
      reading = Promise.all([...sources].map(([service, read]) => refresh(service, read)));
    }
    await reading;
  }

  async function refresh(service: string, read: ReturnType<typeof withTimeout>): Promise<void> {
    const backlog = await read();
    if (backlog === undefined) failures.inc({ service });
    for (const { gauge, value } of gauges) {
      if (backlog === undefined) gauge.remove({ service });
      else gauge.set({ service }, value(backlog) ?? 0);
    }
  }

  return {
    add(service: string, read: ReadBacklog): void {
      sources.set(service, withTimeout(read));
      failures.inc({ service }, 0);
    },
  };
}
