import { collectDefaultMetrics, type Registry } from 'prom-client';

/** How finely the event loop's lag is sampled. Each sample wakes the process. */
const lagSampleMs = 100;

/** CPU, memory, garbage collection and event loop of this process: once in a process. */
export function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagSampleMs });
}
