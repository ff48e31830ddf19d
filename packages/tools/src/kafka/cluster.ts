import { mkdir, rm } from 'node:fs/promises';
import { ParleyError } from '@parley/contracts';
import { createComponent, type UpOptions } from '../component/component.ts';
import type { ComponentOptions, ComponentPlace } from '../component/place.ts';
import { untilReady } from '../component/server.ts';
import { type EngineName, engineOf, isContainer, nativeOrContainer } from '../container/engine.ts';
import type { Say } from '../progress.ts';
import { answers, type Broker, processBroker } from './broker-process.ts';
import { type BrokerPrograms, findPrograms } from './broker-programs.ts';
import { brokerPort, brokersOf, claimPorts, freeBlock, nodesOf, portsOf } from './broker-settings.ts';
import { type ContainerKept, checkContainer, containerBroker } from './container-broker.ts';
import { archiveFlag, format, makeArchive, newClusterId, nodeOf, type ProcessKept, startTimeoutMs } from './storage.ts';

const code = 'BUS_UNAVAILABLE';

export type KafkaOptions = ComponentOptions;
type Kept = ProcessKept | ContainerKept;

export interface KafkaUpOptions extends UpOptions {
  /** Brokers of a new cluster, each a controller too: 1 or 3. */
  readonly brokers?: 1 | 3;
  /** The first broker's port; the next ones follow, their controllers ten above. Without it: kept, or free ones. */
  readonly port?: number;
  /** Server settings of a new cluster beyond ours, such as `{ 'log.retention.ms': '1000' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** SCRAM passwords by user name, for both of its mechanisms. */
  readonly scramUsers?: Readonly<Record<string, string>>;
}

export interface KafkaNodeInfo {
  readonly node: number;
  readonly address: string;
  /** Undefined when it does not run. */
  readonly pid: number | undefined;
  readonly isServing: boolean;
  readonly logFile: string;
}

/** A cluster that has been started; not every node need run. `brokers` is what KAFKA_BROKERS wants. */
export interface KafkaInfo {
  readonly brokers: string;
  readonly version: string;
  readonly source: BrokerPrograms['source'] | EngineName;
  readonly nodes: readonly KafkaNodeInfo[];
}

/** `kill9` is a crash: the page cache lives on, so it is no power cut. `pause` leaves the connections open and silent. */
export const nodeActions = ['kill9', 'stop', 'start', 'pause', 'resume'] as const;
export type KafkaNodeAction = (typeof nodeActions)[number];

export const kafka = createComponent<Kept, KafkaUpOptions, KafkaInfo>({
  name: 'kafka',
  code,
  startTimeoutMs,
  lockTimeoutMs: 600_000,
  isKilledByPurge: true,
  check(at, known, { brokers }) {
    if (brokers === undefined || known.count === brokers) return;
    throw new ParleyError(
      'CONFIG_INVALID',
      `Cluster ${at.name} has ${known.count} broker(s), not ${brokers}; use "down --purge" first.`,
    );
  },
  find: async (at, options, known, say) => known ?? (await make(at, options, say)),
  servers: brokersAt,
  /** Not every node need run. */
  async info(at, kept) {
    const nodes = brokersAt(at, kept).map(async (broker, i): Promise<KafkaNodeInfo> => {
      const pid = await broker.pid();
      const port = brokerPort(kept.port, i + 1);
      const isServing = pid !== undefined && (await answers(port));
      return { node: i + 1, address: `127.0.0.1:${port}`, pid, isServing, logFile: broker.logFile };
    });
    const { version, source } = kept;
    return { brokers: brokersOf(kept.port, kept.count), version, source, nodes: await Promise.all(nodes) };
  },
});

/**
 * Loses or regains one node; `start` resolves when it serves.
 * @throws ParleyError BUS_UNAVAILABLE: there is no such cluster or node, or it does not come up.
 */
export async function kafkaNode(node: number, action: KafkaNodeAction, options: KafkaOptions = {}): Promise<void> {
  const known = await kafka.known(options);
  const broker = known && brokersAt(known.at, known.kept)[node - 1];
  if (broker === undefined) {
    throw new ParleyError(code, `Cluster ${options.name ?? 'main'} has no node ${node}; "status" lists what there is.`);
  }
  const act = async () => {
    switch (action) {
      case 'kill9':
        return broker.stop('SIGKILL');
      case 'stop':
        return broker.stop('SIGTERM');
      case 'pause':
        return broker.signal('SIGSTOP');
      case 'resume':
        return broker.signal('SIGCONT');
      case 'start':
        await broker.start();
        return untilReady(broker, code, startTimeoutMs);
      default:
        return action satisfies never;
    }
  };
  await kafka.hold(options, act);
}

function brokersAt(at: ComponentPlace, kept: Kept): Broker[] {
  if (isContainer<Kept>(kept)) return [containerBroker(engineOf(kept.source), at.name, kept)];
  return nodesOf(kept.count).map((node) => processBroker(nodeOf(at, kept, node), kept, () => archiveFlag(at, kept)));
}

async function make(at: ComponentPlace, options: KafkaUpOptions, say: Say): Promise<Kept> {
  const count = options.brokers ?? 1;
  const claim = async (port: number) => {
    for (const node of nodesOf(count)) await claimPorts(port, node);
  };
  // Known before anything is downloaded or made.
  if (options.port !== undefined) await claim(options.port);
  const find = () => findPrograms(at.home, say);
  // What is named is meant.
  const programs = process.env.KAFKA_HOME ? await find() : await nativeOrContainer(find, 'kafka', say);
  if (isContainer(programs)) checkContainer(options);
  else await makeArchive(at, programs, say);
  const port = options.port ?? (await freeBlock(at.name, count));
  await claim(port);
  say(`Kafka takes the ports ${portsOf(port, count)}.`);
  const clusterId = newClusterId();
  const about = { count, port, settings: options.settings ?? {} };
  await rm(at.folder, { recursive: true, force: true });
  await mkdir(at.folder, { recursive: true });
  const kept: Kept = isContainer(programs) ? { ...programs, ...about, clusterId } : { ...programs, ...about };
  if (!isContainer<Kept>(kept)) await format(at, kept, clusterId, await archiveFlag(at, kept), options.scramUsers);
  return kept;
}
