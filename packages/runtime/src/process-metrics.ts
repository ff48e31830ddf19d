import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Interval between two samples of the event loop's lag, in milliseconds. Each sample wakes the process. */
const lagSampleMs = 100;

/** CPU, memory, garbage collection and event loop of this process: once in a process. */
export function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagSampleMs });
}
