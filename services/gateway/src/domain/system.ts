import type { ReplicaView, ServiceView } from '@parley/contracts/http';
import type { ServiceStatusV1 } from '@parley/contracts/spine';

/** A report, and when it came, in milliseconds of a clock that only goes on. */
export interface Heard {
  readonly report: ServiceStatusV1;
  readonly atMs: number;
}

export interface SystemAt {
  readonly nowMs: number;
  readonly everyMs: number;
  /** Services that there should be; others are shown when they are heard. */
  readonly services: readonly string[];
  readonly deadLetters: ReadonlyMap<string, number>;
}

/** Reports that did not come in a row, and a process is silent. */
const missed = 3;
/** A bit more than the reports of that time need. */
const isSilent = ({ atMs }: Heard, { nowMs, everyMs }: SystemAt) => nowMs - atMs > (missed + 0.5) * everyMs;

/** State of every service, by the last report of each of its processes. */
export function systemOf(heard: readonly Heard[], at: SystemAt): ServiceView[] {
  const others = heard.map(({ report }) => report.service).filter((service) => !at.services.includes(service));
  return [...at.services, ...new Set(others)].map((service) => {
    const own = heard
      .filter(({ report }) => report.service === service)
      .sort((a, b) => (a.report.replica < b.report.replica ? -1 : 1));
    const talking = own.filter((one) => !isSilent(one, at));
    const telling = talking.filter(({ report }) => report.backlog !== null);
    const youngest = telling.reduce<Heard | undefined>(
      (a, b) => (a !== undefined && a.atMs > b.atMs ? a : b),
      undefined,
    );
    return {
      service,
      status: own.length === 0 ? 'unheard' : talking.length === 0 ? 'silent' : 'ok',
      backlog: youngest?.report.backlog ?? null,
      deadLetters: at.deadLetters.get(service) ?? 0,
      replicas: own.map((one) => replicaOf(one, at)),
    };
  });
}

function replicaOf(heard: Heard, at: SystemAt): ReplicaView {
  const { service: _, isLeaving: __, backlog: ___, ...rest } = heard.report;
  const ageSeconds = Math.max(0, at.nowMs - heard.atMs) / 1_000;
  return { ...rest, status: isSilent(heard, at) ? 'silent' : 'ok', ageSeconds };
}
