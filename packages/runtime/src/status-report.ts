import type { MessageBus } from '@parley/bus';
import { topics } from '@parley/contracts';
import type { ServiceStatusV1 } from '@parley/contracts/spine';
import type { Backlog } from '@parley/spine';
import { withTimeout } from './backlog-timeout.ts';
import { newId } from './id.ts';
import type { Replica } from './replica.ts';
import type { ServiceHooks } from './spine-metrics.ts';

export interface StatusReportOptions {
  readonly bus: Pick<MessageBus, 'broadcast'>;
  readonly service: string;
  readonly replica: Replica;
  /** Models that it asks, in order of preference. */
  readonly models?: readonly string[] | undefined;
  /** Effects that this process executes now. */
  leases?(): number;
}

/** Interval between two status reports of a process. */
export const statusEverySeconds = 10;
/** What is broadcast while the bus connects is lost: the second report follows soon. */
const secondAfterMs = 2_000;

/** Tells how one service in this process does, from what its hooks see and its tables hold. Nothing waits for it. */
export function createStatusReport(options: StatusReportOptions) {
  const { bus, service, replica } = options;
  const startedAt = new Date().toISOString();
  let readBacklog: () => Promise<Backlog | undefined> = async () => undefined;
  let leasesLost = 0;
  let deadLetters = 0;
  let reports = 0;
  let timer: NodeJS.Timeout | undefined;
  let isLeaving = false;

  function tell(backlog: Backlog | undefined): void {
    const heartbeatAgeMs = replica.heartbeatAgeMs?.();
    const data: ServiceStatusV1 = {
      service,
      replica: replica.name,
      version: replica.version,
      startedAt,
      isLeaving,
      models: [...(options.models ?? [])],
      leases: options.leases?.() ?? 0,
      leasesLost,
      deadLetters,
      heartbeatAgeSeconds: heartbeatAgeMs === undefined ? null : heartbeatAgeMs / 1_000,
      backlog: backlog === undefined ? null : viewOf(backlog),
    };
    const about = { source: service, subject: `${service}/${replica.name}`, time: new Date().toISOString() };
    bus.broadcast(topics.status.name, { id: newId(), type: 'service-status.v1', ...about, data });
  }

  async function report(): Promise<void> {
    const backlog = await readBacklog();
    if (isLeaving) return;
    tell(backlog);
    reports += 1;
    timer = setTimeout(() => void report(), reports === 1 ? secondAfterMs : statusEverySeconds * 1_000).unref();
  }

  return {
    /** The hooks that it learns from, before those that are there already. */
    watching(hooks: ServiceHooks = {}): ServiceHooks {
      return {
        ...hooks,
        onOpen(read, effects) {
          readBacklog = withTimeout(read);
          hooks.onOpen?.(read, effects);
        },
        onLeaseLost(effect) {
          leasesLost += 1;
          hooks.onLeaseLost?.(effect);
        },
        onDeadLetter(topic) {
          deadLetters += 1;
          hooks.onDeadLetter?.(topic);
        },
      };
    },
    start(): void {
      void report();
    },
    /** Says goodbye, so that nobody takes it for silent. */
    leave(): void {
      if (isLeaving) return;
      isLeaving = true;
      clearTimeout(timer);
      tell(undefined);
    },
  };
}

/** The part of a backlog that the message carries. */
function viewOf({
  oldestInputSeconds,
  oldestEffectSeconds,
  oldestOutboxSeconds,
  suspects: _,
  waitingStreams: __,
  ...counts
}: Backlog) {
  return {
    ...counts,
    oldestInputSeconds: oldestInputSeconds ?? null,
    oldestEffectSeconds: oldestEffectSeconds ?? null,
    oldestOutboxSeconds: oldestOutboxSeconds ?? null,
  };
}
