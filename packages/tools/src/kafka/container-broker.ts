import { ParleyError } from '@parley/contracts';
import { createContainer } from '../container/container.ts';
import type { ContainerServer, Engine } from '../container/engine.ts';
import { answers, type Broker } from './broker-process.ts';
import { brokerPort, brokerSettings, type ClusterSettings, controllerPort } from './broker-settings.ts';

const volumeAt = '/var/lib/kafka/data';
const unavailable = (why: string) => new ParleyError('BUS_UNAVAILABLE', why);

export interface ContainerKept extends ClusterSettings, ContainerServer {
  readonly clusterId: string;
}

/**
 * The only node of a cluster, as a container of Apache's image, whose settings are variables: KAFKA_PROCESS_ROLES is
 * process.roles. Source: docker/examples/README.md of apache/kafka.
 */
export function containerBroker(engine: Engine, clusterName: string, kept: ContainerKept): Broker {
  const { port, settings, image, clusterId } = kept;
  const [node, outside] = [1, brokerPort(port, 1)];
  const name = `parley-kafka-${clusterName}`;
  const container = createContainer(engine, name, unavailable);
  // Loopback is outside: within, the broker listens on every address of the container.
  const listeners = `PLAINTEXT://:${outside},CONTROLLER://localhost:${controllerPort(port, node)}`;
  const all = brokerSettings(`${volumeAt}/log`, node, { count: 1, port, settings: { listeners, ...settings } });
  const variables = Object.entries(all).map(([key, value]) => [
    `KAFKA_${key.replaceAll('.', '_').toUpperCase()}`,
    String(value),
  ]);
  return {
    what: `Broker ${node}`,
    logFile: container.logCommand,
    start: () =>
      container.start({
        name,
        image,
        port: { outside, inside: outside },
        volumeAt,
        env: { CLUSTER_ID: clusterId, KAFKA_HEAP_OPTS: '-Xms64m -Xmx256m', ...Object.fromEntries(variables) },
      }),
    isReady: () => answers(outside),
    logTail: container.log,
    pid: container.pid,
    stop: container.stop,
    async signal(how) {
      if ((await container.pid()) === undefined)
        throw unavailable(`Broker ${node} is not up, so there is nothing to ${how}.`);
      await (how === 'SIGSTOP' ? container.pause() : container.unpause());
    },
    remove: container.remove,
  };
}

/** @throws ParleyError BUS_UNAVAILABLE: what only brokers that are processes can. */
export function checkContainer(options: {
  readonly brokers?: number;
  readonly scramUsers?: object;
  readonly settings?: Readonly<Record<string, string>>;
}): void {
  const isPlain = options.scramUsers === undefined && options.settings?.listeners === undefined;
  if ((options.brokers ?? 1) === 1 && isPlain) return;
  throw unavailable(
    'Three brokers, SCRAM users and listeners of one’s own need Java here; a container has none of them.',
  );
}
