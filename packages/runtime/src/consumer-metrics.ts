import { Gauge, type Registry } from 'prom-client';

type HeartbeatAgeMs = () => number | undefined;
const sources = new WeakMap<Registry, Map<string, HeartbeatAgeMs>>();

/**
 * Shows how long ago a service's consumer told the broker that it lives. `heartbeatAgeMs` answers undefined while
 * it belongs to no group; then the series is absent.
 */
export function measureConsumer(registry: Registry, service: string, heartbeatAgeMs: HeartbeatAgeMs): void {
  let known = sources.get(registry);
  if (known === undefined) {
    known = new Map();
    sources.set(registry, known);
    createGauge(registry, known);
  }
  known.set(service, heartbeatAgeMs);
}

function createGauge(registry: Registry, consumers: ReadonlyMap<string, HeartbeatAgeMs>): void {
  new Gauge({
    name: 'parley_consumer_heartbeat_age_seconds',
    help: "Time since the consumer's last heartbeat; it is out of its group beyond the session timeout.",
    labelNames: ['service'] as const,
    registers: [registry],
    collect() {
      for (const [service, heartbeatAgeMs] of consumers) {
        const ageMs = heartbeatAgeMs();
        if (ageMs === undefined) this.remove({ service });
        else this.set({ service }, ageMs / 1000);
      }
    },
  });
}
