import { collectDefaultMetrics, type Registry } from 'prom-client';

/** CPU, memory, event-loop lag of this process: once in a process. */
export function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}
