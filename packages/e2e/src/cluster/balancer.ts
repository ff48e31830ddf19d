import type { Replica } from '@parley/tools';

export interface Balancer {
  /** A gateway that says it is ready; some gateway if none does. */
  next(): string;
  /** Another one than this, if there is one. */
  other(url: string): string;
  close(): void;
}

const probeMs = 200;
const probeTimeoutMs = 2_000;

/** Sends requests where readiness is, as a Kubernetes service does: one slow probe says nothing. */
export function createBalancer(gateways: readonly Replica[]): Balancer {
  let turn = 0;
  const away = new Set<Replica>();
  const probing = new Set<Replica>();
  const probe = async (gateway: Replica) => {
    if (probing.has(gateway)) return;
    probing.add(gateway);
    try {
      const { ok } = await fetch(`${gateway.url}/readyz`, { signal: AbortSignal.timeout(probeTimeoutMs) });
      if (ok) away.delete(gateway);
      else away.add(gateway);
    } catch (thrown) {
      if ((thrown as Error).name !== 'TimeoutError') away.add(gateway);
    }
    probing.delete(gateway);
  };
  const timer = setInterval(() => gateways.forEach((gateway) => void probe(gateway)), probeMs);
  const urls = () => {
    const ready = gateways.filter((gateway) => !away.has(gateway));
    return (ready.length > 0 ? ready : gateways).map(({ url }) => url);
  };
  const next = () => {
    const all = urls();
    return all[turn++ % all.length] as string;
  };
  return {
    next,
    other: (url) => urls().find((each) => each !== url) ?? next(),
    close: () => clearInterval(timer),
  };
}
