import { ParleyError } from '@parley/contracts';
import { claimPort, isFree } from '../ports.ts';

/** What is remembered of a cluster between two starts. */
export interface ClusterSettings {
  readonly count: number;
  /** Broker n listens on port + n - 1, its controller on port + n + 9. */
  readonly port: number;
  /** Server settings beyond ours. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where the cluster "main" is found unless something else is there. */
const mainPort = 19_092;
const controllerShift = 10;

export function brokerPort(port: number, node: number): number {
  return port + node - 1;
}

export function controllerPort(port: number, node: number): number {
  return brokerPort(port, node) + controllerShift;
}

export function nodesOf(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** The addresses that a client starts from, as KAFKA_BROKERS wants them. */
export function brokersOf(port: number, count: number): string {
  return nodesOf(count)
    .map((node) => `127.0.0.1:${brokerPort(port, node)}`)
    .join(',');
}

/** One node's settings: broker and controller in one process, loopback alone, small. */
export function brokerSettings(
  dataDir: string,
  node: number,
  { count, port, settings }: ClusterSettings,
): Record<string, string | number> {
  const inSync = count > 2 ? 2 : 1;
  const voters = nodesOf(count).map((each) => `${each}@127.0.0.1:${controllerPort(port, each)}`);
  const listener = `PLAINTEXT://127.0.0.1:${brokerPort(port, node)}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': node,
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `${listener},CONTROLLER://127.0.0.1:${controllerPort(port, node)}`,
    'advertised.listeners': listener,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataDir.replaceAll('\\', '/'),
    'auto.create.topics.enable': 'false',
    'default.replication.factor': count,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': count,
    'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': count,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': count,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.threads': 1,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3_000,
    ...settings,
  };
}

/** The text of server.properties. */
export function propertiesOf(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** @throws ParleyError PORT_IN_USE: the node's ports belong to somebody else. */
export async function claimPorts(port: number, node: number): Promise<void> {
  await claimPort(brokerPort(port, node));
  const controller = controllerPort(port, node);
  await claimPort(
    controller,
    `Port ${controller} belongs to another process. Kafka's controller needs it, ${controllerShift} above its broker's port ${brokerPort(port, node)}; choose another with --port.`,
  );
}

/** What a cluster listens on, for people. */
export function portsOf(port: number, count: number): string {
  const list = (of: typeof brokerPort) => nodesOf(count).map((node) => of(port, node));
  return `${list(brokerPort).join(', ')} for clients and ${list(controllerPort).join(', ')} for its ${count === 1 ? 'controller' : 'controllers'}`;
}

/**
 * A first port whose block is free; "main" prefers the same one always. Below the range that systems hand out to
 * clients: a client that keeps calling a dead broker there could connect to itself and keep the port.
 */
export async function freeBlock(name: string, count: number): Promise<number> {
  const choices = Array.from({ length: 50 }, () => 20_000 + Math.floor(Math.random() * 550) * 20);
  for (const port of name === 'main' ? [mainPort, ...choices] : choices) {
    const ports = nodesOf(count).flatMap((node) => [brokerPort(port, node), controllerPort(port, node)]);
    if (!(await Promise.all(ports.map(isFree))).includes(false)) return port;
  }
  throw new ParleyError('PORT_IN_USE', 'No free block of ports was found between 20000 and 31000; choose with --port.');
}
