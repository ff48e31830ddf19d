import type { KafkaBusHealth } from '@parley/bus/kafka';

/** A consumer that has had no heartbeat for so long is deaf, whatever it believes. */
const deafMs = 60_000;

/**
 * What `/livez` asks of a process on Kafka. One that has not been let in yet waits for brokers, and a new process would
 * wait as long.
 * @throws Error: a new process would hear, this one does not
 */
export function hearing({ groups }: Pick<KafkaBusHealth, 'groups'>): string {
  const deaf = groups.find(({ hasJoined, heartbeatAgeMs }) => hasJoined && heartbeatAgeMs > deafMs);
  if (deaf !== undefined) throw new Error(`the consumer of ${deaf.group} is deaf for ${deaf.heartbeatAgeMs} ms`);
  return 'ok';
}
