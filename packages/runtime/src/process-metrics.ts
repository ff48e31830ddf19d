import { collectDefaultMetrics, type Registry } from 'prom-client';

const measured = new WeakSet<Registry>();
/** How finely the event loop's lag is sampled. Each sample wakes the process. */
const lagSampleMs = 50;

/** CPU, memory, garbage collection and event loop of this process, under the names that Node dashboards know. */
export function measureProcess(registry: Registry): void {
  if (measured.has(registry)) return;
  measured.add(registry);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagSampleMs });
}
