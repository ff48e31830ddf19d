import type { KafkaBus, KafkaBusHealth } from '@parley/bus/kafka';

/** Milliseconds. */
const limits = {
  /** Time without a heartbeat after which a consumer is deaf, whatever it believes. */
  deaf: 60_000,
  /** Time a deaf consumer has, once brokers answer others, to hear again: a group takes up to 30 s to rebalance. */
  back: 45_000,
} as const;

export interface ConsumerLivenessDeps {
  readonly bus: Pick<KafkaBus, 'health' | 'reaches'>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly limits?: { readonly deaf: number; readonly back: number };
}

/**
 * What `/livez` asks of a process on Kafka, again and again: resolves to how it is.
 *
 * Brokers that are away are no reason to start anew, for the next process would wait as long: a deaf consumer is to be
 * replaced only if somebody who begins now would hear. One that has not been let in yet waits like that, too.
 * @throws Error: a new process would hear, this one does not
 */
export function createConsumerLiveness({
  bus,
  now,
  limits: { deaf, back } = limits,
}: ConsumerLivenessDeps): () => Promise<string> {
  /** Time since which brokers answer others and not this deaf consumer, by group. */
  const passedOver = new Map<string, number>();

  async function look(group: string, heartbeatAgeMs: number): Promise<string> {
    const silence = `the consumer of ${group} has heard nothing for ${heartbeatAgeMs} ms`;
    if (!(await bus.reaches(group))) {
      passedOver.delete(group);
      return `${silence}, and nobody would: brokers are away`;
    }
    const since = passedOver.get(group) ?? now();
    passedOver.set(group, since);
    const forMs = Math.round(now() - since);
    if (forMs > back) throw new Error(`${silence}, while others reach it for ${forMs} ms`);
    return `${silence}; brokers answer for ${forMs} ms`;
  }

  return async () => {
    const lines: string[] = [];
    for (const { group, hasJoined, heartbeatAgeMs } of bus.health().groups) {
      if (hasJoined && heartbeatAgeMs > deaf) lines.push(await look(group, heartbeatAgeMs));
      else passedOver.delete(group);
    }
    return lines.length === 0 ? 'ok' : lines.join('\n');
  };
}

/** Milliseconds without a heartbeat, beyond which a group has given its member up, three times over. */
const outMs = 30_000;

/**
 * What `/readyz` says of the bus. Out of its group a service gets no work, so that it is not ready; one that takes
 * commands goes on taking them, for they are safe in its outbox.
 * @throws Error: it is out, and cannot work so
 */
export function consumerReadiness({ groups, publishWaitingMs }: KafkaBusHealth, worksWithoutBus: boolean): string {
  const ages = groups.map(({ group, heartbeatAgeMs }) => `${group} heard ${heartbeatAgeMs} ms ago`);
  const line = [...ages, `oldest unsent for ${publishWaitingMs} ms`].join(', ');
  const isOut = groups.some(({ hasJoined, heartbeatAgeMs }) => hasJoined && heartbeatAgeMs > outMs);
  if (!isOut) return line;
  if (worksWithoutBus) return `${line}: commands wait in the outbox`;
  throw new Error(`${line}: brokers are away, or the group has given this consumer up`);
}
