import { Gauge, type Registry } from 'prom-client';

type LastHeartbeatAt = () => number | undefined;
const sources = new WeakMap<Registry, Map<string, LastHeartbeatAt>>();

/**
 * Shows how long ago a service's consumer told the broker that it lives. `lastHeartbeatAt` is in milliseconds since
 * 1970, undefined while it belongs to no group; then the series is absent.
 */
export function measureConsumer(registry: Registry, service: string, lastHeartbeatAt: LastHeartbeatAt): void {
  let known = sources.get(registry);
  if (known === undefined) {
    known = new Map();
    sources.set(registry, known);
    createGauge(registry, known);
  }
  known.set(service, lastHeartbeatAt);
}

function createGauge(registry: Registry, consumers: ReadonlyMap<string, LastHeartbeatAt>): void {
  new Gauge({
    name: 'parley_consumer_heartbeat_age_seconds',
    help: "Time since the consumer's last heartbeat; it is out of its group beyond the session timeout.",
    labelNames: ['service'] as const,
    registers: [registry],
    collect() {
      for (const [service, lastHeartbeatAt] of consumers) {
        const at = lastHeartbeatAt();
        if (at === undefined) this.remove({ service });
        else this.set({ service }, Math.max(0, Date.now() - at) / 1000);
      }
    },
  });
}
